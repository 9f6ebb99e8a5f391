import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, Kind } from '../../src/model.ts';
import { keyed, listed } from '../../src/normalize/lists.ts';
import { normalize, parse, storedText } from '../../src/normalize/normalize.ts';
import { createRedactor } from '../../src/normalize/redact.ts';

const pod: Kind = {
  format: 'yaml',
  title: 'pod',
  lists: [
    { path: '/containers', key: ['name'] },
    { path: '/containers/*/ports', key: [['name', 'port'], 'protocol'] },
  ],
};
const config = {
  containers: [
    {
      name: 'web',
      ports: [
        { port: 443, protocol: 'TCP' },
        { name: 'dns', port: 53, protocol: 'UDP' },
      ],
    },
    { name: 'app', args: [] },
  ],
};

describe('lists', () => {
  it('stand in the file as they are, and in the config under their key', () => {
    const { bytes, config: seen } = normalize(
      { ref: { scope: 's', kind: 'x.pod', id: 'a' }, config },
      pod,
      createRedactor(Buffer.alloc(32)),
    );
    const text = Buffer.from(bytes).toString();
    expect(text.indexOf('name: web')).toBeLessThan(text.indexOf('name: app'));
    expect(text).toContain('containers:\n  - name: web\n');
    expect(seen).toEqual({
      containers: {
        web: { name: 'web', ports: { '443 TCP': { port: 443, protocol: 'TCP' }, 'dns UDP': { name: 'dns', port: 53, protocol: 'UDP' } } },
        app: { name: 'app', args: [] },
      },
    });
    expect(parse(bytes, pod)).toEqual(seen);
    expect(storedText(seen, pod)).toBe(text);
  });

  it('leave alone what is no list of things', () => {
    for (const odd of [
      { containers: [] },
      { containers: ['a'] },
      { containers: null },
      { containers: 'x' },
      {},
      null,
      [1],
    ] satisfies Json[])
      expect(keyed(odd, pod)).toEqual(odd);
    const value = { containers: [{ name: 'a' }] };
    expect(keyed(value, { lists: [] })).toBe(value);
  });

  it('come back in the order they had', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
    const port = fc.record({ name, port: fc.integer({ min: 1, max: 65535 }), protocol: fc.constantFrom('TCP', 'UDP') });
    const ports = fc.uniqueArray(port, { selector: (item) => item.name, minLength: 1, maxLength: 4 });
    const containers = fc.uniqueArray(fc.record({ name, ports }), { selector: (item) => item.name, minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(containers, (list) => {
        expect(listed(keyed({ containers: list }, pod), pod)).toEqual({ containers: list });
      }),
    );
  });
});
