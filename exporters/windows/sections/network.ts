/** What can be reached: shares and the firewall. */
import { z } from 'zod';
import { collection } from './section.ts';

const text = z.string();

export const share = collection({
  word: 'share',
  file: 'windows-shares',
  title: 'share',
  schema: z.object({
    name: text,
    path: text,
    description: text,
    special: z.boolean(),
    encrypted: z.boolean(),
    access: z.array(z.object({ account: text, sid: text.nullable(), type: text, right: text })),
  }),
  key: ['name'],
  sets: [{ path: '/*/access' }],
  evidence: { chapter: 'What listens', order: 32, fields: ['path', 'access'], only: ({ special }) => special !== true },
  // The SID beside the name: Everyone has another name in every language.
  member: ({ access, ...row }) => ({
    ...row,
    access: access.map(({ account, sid, type, right }) => `${type} ${right} ${account}${sid === null ? '' : ` (${sid})`}`),
  }),
});

export const firewallProfile = collection({
  word: 'firewall-profile',
  file: 'windows-firewall-profiles',
  title: 'firewall profile',
  schema: z.object({ name: text, enabled: text, inbound: text, outbound: text }),
  key: ['name'],
  evidence: { chapter: 'What listens', order: 30, fields: ['enabled', 'inbound', 'outbound'] },
  member: (row) => row,
});

const ANY = 'Any';
const limited = (words: readonly string[]): readonly string[] => (words.length === 1 && words[0] === ANY ? [] : words);

export const firewallRule = collection({
  word: 'firewall-rule',
  file: 'windows-firewall-rules',
  title: 'firewall rule',
  schema: z.object({
    name: text,
    displayName: text,
    direction: text,
    action: text,
    profiles: text,
    from: text,
    protocol: text,
    localPorts: z.array(text),
    remotePorts: z.array(text),
    localAddresses: z.array(text),
    remoteAddresses: z.array(text),
    program: text,
    service: text,
  }),
  key: ['name'],
  sets: ['localPorts', 'remotePorts', 'localAddresses', 'remoteAddresses'].map((field) => ({ path: `/*/${field}` })),
  evidence: {
    chapter: 'What listens',
    order: 31,
    fields: ['displayName', 'protocol', 'localPorts', 'program'],
    only: ({ direction, action }) => direction === 'Inbound' && action === 'Allow',
  },
  // What is not there is any.
  member: ({ localPorts, remotePorts, localAddresses, remoteAddresses, program, service, ...row }) => ({
    ...row,
    localPorts: limited(localPorts),
    remotePorts: limited(remotePorts),
    localAddresses: limited(localAddresses),
    remoteAddresses: limited(remoteAddresses),
    program: program === ANY ? '' : program,
    service: service === ANY ? '' : service,
  }),
});
