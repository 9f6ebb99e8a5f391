import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, markerOf } from '../../src/normalize/redact.ts';

const key = Buffer.alloc(32, 7);
const redactor = createRedactor(key);

describe('redacting bytes', () => {
  it('gives the same bytes back when there is no secret, valid UTF-8 or not', () => {
    const bytes = Uint8Array.of(0xff, 0xc3, 0x28, 0x0a, 0x80);
    expect(redactor.bytes(bytes)).toBe(bytes);
  });

  it('hides a secret among bytes that are no UTF-8 and touches nothing else', () => {
    const before = Buffer.concat([Buffer.from([0xe9, 0xff, 0x0a]), Buffer.from('password=hunter2x\n'), Buffer.from([0xc3, 0x28])]);
    const after = Buffer.from(redactor.bytes(before));
    const marker = markerOf(key, 'hunter2x');
    expect(after).toEqual(Buffer.concat([Buffer.from([0xe9, 0xff, 0x0a]), Buffer.from(`password=${marker}\n`), Buffer.from([0xc3, 0x28])]));
    expect(Buffer.from(redactor.bytes(after))).toEqual(after);
  });

  it('fingerprints the bytes of a secret, whatever the encoding around it', () => {
    const latin = redactor.bytes(Buffer.from('x\xe9\npassword=caf\xe9caf\xe9\n', 'latin1'));
    expect(Buffer.from(latin).toString('latin1')).toContain(
      Buffer.from(markerOf(key, Buffer.from('caf\xe9caf\xe9', 'latin1'))).toString('latin1'),
    );
  });

  it('reads UTF-16 by its mark', () => {
    const after = redactor.bytes(Buffer.from('\ufeffpassword=hunter2x\r\n', 'utf16le'));
    expect(Buffer.from(after).toString('utf16le')).toBe(`\ufeffpassword=${markerOf(key, 'hunter2x')}\r\n`);
  });
});

describe('redacting data', () => {
  it('judges by name, by a pair of name and value, and by the kind of object', () => {
    const clean = redactor.json(
      {
        masterUserPassword: 'abc',
        environment: [
          { name: 'DB_PASSWORD', value: 'abc' },
          { name: 'HOST', value: 'db1' },
        ],
        object: { kind: 'Secret', data: { anything: 'YWJj' }, metadata: { name: 'x' } },
        pin: 1,
        password: 123456,
        passwords: ['abc', 'def'],
      },
      [],
    );
    const abc = markerOf(key, 'abc');
    expect(clean).toEqual({
      masterUserPassword: abc,
      environment: [
        { name: 'DB_PASSWORD', value: abc },
        { name: 'HOST', value: 'db1' },
      ],
      object: { kind: 'Secret', data: { anything: markerOf(key, 'YWJj') }, metadata: { name: 'x' } },
      pin: 1,
      password: markerOf(key, '123456'),
      passwords: [abc, markerOf(key, 'def')],
    });
    expect(redactor.json(clean, [])).toEqual(clean);
  });

  it('leaves the quotes of an attribute where they are', () => {
    const clean = `<processModel userName="a" password="${markerOf(key, '[enc:Provider:576=:enc]')}" />`;
    expect(redactor.text('<processModel userName="a" password="[enc:Provider:576=:enc]" />')).toBe(clean);
  });

  it('hides what a kind says is secret, whatever it looks like', () => {
    expect(redactor.json({ a: { b: 'plain', c: 'plain' }, list: [{ x: 'plain' }] }, ['/a/b', '/list/*/x'])).toEqual({
      a: { b: markerOf(key, 'plain'), c: 'plain' },
      list: [{ x: markerOf(key, 'plain') }],
    });
    expect(redactor.json({ a: { deep: { er: 'plain' } } }, ['/a/**'])).toEqual({ a: { deep: { er: markerOf(key, 'plain') } } });
  });

  it('finds secrets in values, in keys and in encoded user data', () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const userData = Buffer.from(`#!/bin/bash\necho DB_PASSWORD=hunter2x >> /etc/app\n`).toString('base64');
    const text = JSON.stringify(redactor.json({ description: `use ${token}`, [`tag ${token}`]: 'x', userData }, []));
    expect(text).not.toContain(token);
    const decoded = Buffer.from((JSON.parse(text) as { userData: string }).userData, 'base64').toString();
    expect(decoded).toBe(`#!/bin/bash\necho DB_PASSWORD=${markerOf(key, 'hunter2x')} >> /etc/app\n`);
  });

  it('shares what it does not touch', () => {
    const clean = { a: { b: ['x'] }, vpcId: 'vpc-0123456789abcdef0' };
    expect(redactor.json(clean, [])).toBe(clean);
  });

  it('finds in an id of IAM what searching the text finds, which is nothing', () => {
    const id = fc.stringMatching(/^A(?:KIA|SIA|ROA|IDA)[A-Z0-9]{16,17}(?::i-[0-9a-f]{8,17})?$/);
    const finds = fc.property(id, (value) => {
      expect([redactor.json(value, []), redactor.text(value)]).toEqual([value, value]);
    });
    fc.assert(finds);
  });
});
