/** By which keys the machine is known to those who log in, by fingerprint. */
import type { JsonObject } from 'drifttrail';
import type { Source } from '../source.ts';
import { type Fact, keyed } from './fact.ts';
import { publicKey } from './openssh-keys.ts';

export const sshHostKeys: Fact = {
  name: 'ssh-host-keys',
  kind: 'host.ssh-host-key',
  title: 'SSH host key',
  read,
  ahead: 'texts /etc/ssh/ssh_host_*_key.pub',
};

function read(source: Source): JsonObject {
  const names = source.list('etc/ssh').filter((name) => /^ssh_host_\w+_key\.pub$/.test(name));
  return keyed(
    names.flatMap((name): [string, JsonObject][] => {
      const key = publicKey(source.read(`etc/ssh/${name}`) ?? '');
      return key === undefined ? [] : [[key.type, { fingerprint: key.fingerprint, file: `etc/ssh/${name}` }]];
    }),
  );
}
