/** Limits: which entry of limits.conf counts for whom, and which of them services never see. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../../exporters/host/facts/accounts.ts';
import { entriesIn, wantedValue, winning } from '../../../exporters/host/facts/limits-conf.ts';
import { inNumbers } from '../../../exporters/host/facts/limits-manager.ts';
import { limits } from '../../../exporters/host/facts/limits.ts';
import { machine } from './help.ts';

const PASSWD = 'root:x:0:0::/root:/bin/sh\npostgres:x:105:110::/var/lib/postgresql:/bin/bash\nwww:x:33:33::/var/www:/bin/sh\n';
const status = (name: string, uid: number) => `Name:\t${name}\nPPid:\t1\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n`;
const inEffect = (soft: string, hard: string) =>
  `Limit                     Soft Limit           Hard Limit           Units     \nMax open files            ${soft.padEnd(20)} ${hard.padEnd(20)} files     \n`;

const machineFiles = {
  'etc/passwd': PASSWD,
  'etc/group': 'postgres:x:110:\ndb:x:200:postgres\nwww:x:33:\n',
  'etc/pam.d/sshd': 'session required pam_limits.so\n',
  'proc/77/status': status('postgres', 105),
  'proc/77/limits': inEffect('1024', '524288'),
  'proc/78/status': status('nginx', 0),
  'proc/78/limits': inEffect('1024', '524288'),
};
const systemd = { ...machineFiles, 'run/systemd/system/x': '' };
const shown = (more = '') => ({
  'systemctl show --type=service': `Id=postgresql.service\nMainPID=77\nPAMName=${more}\n\nId=nginx.service\nMainPID=78\nPAMName=\n`,
});

describe('an entry of limits.conf that does not take', () => {
  it('is told with the service, what it runs with, and why', async () => {
    const source = machine({ ...systemd, 'etc/security/limits.conf': 'postgres soft nofile 65536\nroot hard nofile 524288\n' }, shown());
    expect(await limits.read(source)).toEqual({
      'postgres soft nofile': {
        configured: '65536',
        file: 'etc/security/limits.conf',
        takes: false,
        services: { 'postgresql.service': '1024' },
        because: 'postgresql.service runs with 1024: systemd does not read limits.conf; set LimitNOFILE= in the unit',
      },
      'root hard nofile': { configured: '524288', file: 'etc/security/limits.conf' },
    });
  });

  it('was written after the start where the service logs in through PAM', async () => {
    const source = machine({ ...systemd, 'etc/security/limits.d/90-db.conf': '105:105 - nofile 9\n' }, shown('login'));
    const found = await limits.read(source);
    expect(found).toMatchObject({
      '105:105 - nofile': {
        services: { 'postgresql.service': '1024:524288' },
        because: expect.stringContaining('started before the entry was written'),
      },
    });
  });

  it('is found without systemd among what init started', async () => {
    const source = machine({
      ...machineFiles,
      'proc/1/task/1/children': '77 78 99 ',
      'etc/security/limits.conf': '@db hard nofile unlimited\n* soft nofile 1024\n',
    });
    expect(await limits.read(source)).toEqual({
      '@db hard nofile': {
        configured: 'unlimited',
        file: 'etc/security/limits.conf',
        takes: false,
        services: { postgres: '524288' },
        because: expect.stringMatching(/^postgres runs with 524288: what init starts is no log-in/),
      },
      '* soft nofile': { configured: '1024', file: 'etc/security/limits.conf' },
    });
  });

  it('is every one where no log-in asks PAM for limits', async () => {
    const { 'etc/pam.d/sshd': _, ...without } = machineFiles;
    expect(await limits.read(machine({ ...without, 'etc/security/limits.conf': 'www - nproc 5\n' }))).toMatchObject({
      'www - nproc': { takes: false, because: expect.stringContaining('pam_limits.so') },
    });
  });
});

it('the closer entry counts, of equals the last; groups and everybody are not root', () => {
  const entries = entriesIn(
    '# no\n* soft nofile 1\n@db soft nofile 2\npostgres soft nofile 3 # why\n105: soft nofile 4\n%db - maxlogins 9\n* - core\n',
    'f',
  );
  expect(entries).toHaveLength(5);
  const account = (name: string, uid: number, groups: string[] = [], gids: number[] = []): Account => ({ name, uid, groups, gids });
  const value = (who: Account, side = 'soft') => winning(entries, who, 'nofile', side)?.value;
  expect(value(account('postgres', 105, ['db'], [200]))).toBe('4');
  expect(value(account('postgres', 100, ['db'], [200]))).toBe('3');
  expect(value(account('other', 100, ['db'], [200]))).toBe('2');
  expect(value(account('other', 100))).toBe('1');
  expect(value(account('root', 0, ['db'], [200]))).toBeUndefined();
  expect(value(account('other', 100), 'hard')).toBeUndefined();
  const exact = entriesIn('@:200 - nofile 7\n:33 - nofile 8\n', 'f');
  expect(winning(exact, account('a', 1, ['x'], [200]), 'nofile', 'hard')?.value).toBe('7');
  expect(winning(exact, account('a', 33), 'nofile', 'hard')?.value).toBe('8');
  expect(winning(exact, account('a', 34), 'nofile', 'hard')).toBeUndefined();
});

it('an item never wins over a closer one, in whatever order they stand', () => {
  const entry = fc.record({ domain: fc.constantFrom('*', '@db', 'a', '%x', 'b'), value: fc.nat(9).map(String) });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 8 }), (list) => {
      const entries = list.map((each) => ({ ...each, type: '-', item: 'nofile', file: 'f' }));
      const found = winning(entries, { name: 'a', uid: 7, groups: ['db'], gids: [1] }, 'nofile', 'soft');
      const last = (domain: string) => entries.findLast((each) => each.domain === domain);
      expect(found).toEqual(last('a') ?? last('@db') ?? last('*'));
    }),
  );
});

it('values are those that the kernel prints', () => {
  const value = (item: string, text: string) => wantedValue({ domain: '*', type: '-', item, value: text, file: 'f' });
  expect([value('memlock', '64'), value('cpu', '2'), value('nofile', '-1'), value('core', 'unlimited'), value('nofile', 'many')]).toEqual([
    '65536',
    '120',
    'unlimited',
    'unlimited',
    undefined,
  ]);
  expect(value('maxlogins', '3')).toBeUndefined();
  expect([inNumbers('1024:512K'), inNumbers('infinity'), inNumbers('4G'), inNumbers('10%')]).toEqual([
    '1024:524288',
    'infinity:infinity',
    '4294967296:4294967296',
    undefined,
  ]);
});

it('what system.conf gives to every service is told beside what the manager goes by', async () => {
  const source = machine(
    {
      'run/systemd/system/x': '',
      'etc/systemd/system.conf': '[Manager]\n#DefaultLimitCORE=0\nDefaultLimitNOFILE=1024:4096\n',
      'etc/systemd/system.conf.d/10-a.conf': '[Manager]\nDefaultLimitNOFILE=1024:512K\nDefaultLimitNPROC=10%\n',
    },
    {
      'systemctl show --property=Default':
        'DefaultLimitNOFILE=4096\nDefaultLimitNOFILESoft=1024\nDefaultLimitNPROC=9\nDefaultLimitNPROCSoft=9\n',
      'systemctl show': '',
    },
  );
  expect(await limits.read(source)).toEqual({
    'default nofile': { configured: '1024:512K', file: 'etc/systemd/system.conf.d/10-a.conf', effective: '1024:4096', differs: true },
    'default nproc': { configured: '10%', file: 'etc/systemd/system.conf.d/10-a.conf', effective: '9:9' },
  });
});
