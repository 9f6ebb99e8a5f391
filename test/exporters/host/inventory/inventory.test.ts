/** Inventories: plain lists, INI and YAML become the same hosts; what cannot be read here is refused in one line. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadInventory } from '../../../../exporters/host/inventory/load.ts';
import { expandRanges } from '../../../../exporters/host/inventory/model.ts';
import { makeRoot } from '../help.ts';

const load = async (name: string, text: string, groups?: readonly string[], leftOut: (text: string) => void = () => undefined) => {
  const root = makeRoot({ [name]: text });
  return loadInventory(join(root, name), groups, leftOut);
};

const INI = `
# ours
lonely.example.com:2222
[web]
web[01:03] ansible_host=10.0.0.1   note="two words" ansible_port=22 ; why
[db]
db-[a:b].example.com ansible_user=dba
local ansible_connection=local
[site:children]
web
db
[site:vars]
ansible_user = ops
ansible_ssh_common_args='-o ProxyJump="ops@bastion"'
[all:vars]
ansible_user=nobody
ansible_become=yes
`;

const YAML = `
all:
  vars: { ansible_user: nobody, ansible_become: true }
  hosts:
    lonely.example.com: { ansible_port: 2222 }
  children:
    site:
      vars: { ansible_user: ops, ansible_ssh_common_args: '-J ops@bastion' }
      children:
        web: { hosts: { 'web[01:03]': { ansible_host: 10.0.0.1, ansible_port: 22 } } }
        db: { hosts: { 'db-[a:b].example.com': { ansible_user: dba }, local: { ansible_connection: local } } }
`;

const WEB = (name: string) => ({ name, address: '10.0.0.1', port: 22, user: 'ops', sudo: true, jump: 'ops@bastion' });
const DB = (name: string) => ({ name, user: 'dba', sudo: true, jump: 'ops@bastion' });

describe('an inventory', () => {
  it.each([
    ['hosts.ini', INI],
    ['hosts.yaml', YAML],
  ])('%s names hosts by ranges and groups, variables inherited', async (name, text) => {
    const said: string[] = [];
    expect(await load(name, text, undefined, (line) => said.push(line))).toEqual([
      DB('db-a.example.com'),
      DB('db-b.example.com'),
      { name: 'lonely.example.com', port: 2222, user: 'nobody', sudo: true },
      WEB('web01'),
      WEB('web02'),
      WEB('web03'),
    ]);
    expect(said).toEqual([expect.stringContaining('local is left out: its connection is local')]);
    expect((await load(name, text, ['db'])).map((host) => host.name)).toEqual(['db-a.example.com', 'db-b.example.com']);
  });

  it('may be a plain list', async () => {
    expect(await load('hosts', 'web02\n\n# none\nweb01\n')).toEqual([{ name: 'web01' }, { name: 'web02' }]);
    expect(await load('hosts.yaml', '- web02\n- web01\n')).toEqual([{ name: 'web01' }, { name: 'web02' }]);
    expect(await load('hosts', '2001:db8::1\n')).toEqual([{ name: '2001:db8::1' }]);
  });

  it('that is a program, encrypted, made by a plug-in or templated is refused with what to do', async () => {
    await expect(load('x', '$ANSIBLE_VAULT;1.1;AES256\n6162\n')).rejects.toThrow('encrypted by vault');
    await expect(load('aws.yml', 'plugin: amazon.aws.aws_ec2\n')).rejects.toThrow('made by a plug-in');
    await expect(load('x', 'web ansible_host={{ ip }}\n')).rejects.toThrow('ansible_host of web is a template');
    await expect(load('x.yml', 'all: { hosts: { web: { ansible_user: !vault "$ANSIBLE_VAULT;1.1" } } }')).rejects.toThrow(
      'template or encrypted',
    );
    await expect(load('x', '[web:things]\n')).rejects.toThrow('line 1: a section [web:things]');
    await expect(load('x', '# none\n')).rejects.toThrow('names no host');
    await expect(load('x', 'web[9:1]\n')).rejects.toThrow('goes nowhere');
    await expect(load('x', 'web\n', ['db'])).rejects.toThrow('has no group db');
    await expect(load('x.yml', 'all: {hosts: [\n')).rejects.toThrow(/inventory .*x\.yml/);
    const root = makeRoot({});
    writeFileSync(join(root, 'run.py'), '#!/usr/bin/python3\n');
    chmodSync(join(root, 'run.py'), 0o755);
    await expect(loadInventory(join(root, 'run.py'), undefined, () => undefined)).rejects.toThrow('is a program');
    await expect(loadInventory(join(root, 'none'), undefined, () => undefined)).rejects.toThrow('cannot be read (ENOENT)');
    await expect(loadInventory(root, undefined, () => undefined)).rejects.toThrow('is a folder');
  });

  it('groups in circles come to an end', async () => {
    const hosts = await load('x', '[a]\nweb\n[a:children]\nb\n[b:children]\na\n[b:vars]\nansible_user=x\n');
    expect(hosts).toEqual([{ name: 'web', user: 'x' }]);
  });
});

it('a range stands for as many different hosts as it counts, with its zeros', () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(200), fc.integer({ min: 1, max: 7 }), (from, count, step) => {
      const names = expandRanges(`w[${String(from).padStart(4, '0')}:${from + count}:${step}].x`);
      expect(names).toHaveLength(Math.floor(count / step) + 1);
      expect(new Set(names).size).toBe(names.length);
      expect(names.every((name) => /^w\d{4}\.x$/.test(name))).toBe(true);
    }),
  );
});
