import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import exec from '../../hooks/exec/index.ts';
import slack from '../../hooks/slack/index.ts';
import { encode as encodeSlack } from '../../hooks/slack/encode.ts';
import { encode as encodeEvent } from '../../hooks/webhook/encode.ts';
import webhook, { signature } from '../../hooks/webhook/index.ts';
import type { Message } from '../../src/model.ts';
import { messageOf, nastiest } from '../notify/findings.ts';
import { contextOf } from './context.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const UNSEEN = /[\p{Surrogate}\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/u;

describe('slack', () => {
  it('says what happened, who did it and where to read on', () => {
    const text = JSON.stringify(encodeSlack(messageOf({ more: 3 })));
    for (const part of [
      'HIGH 82',
      'rtb-0a1 (private-a)',
      '/routes/0.0.0.0~10',
      'alice as Admin via console, DeleteRoute at 2026-01-14T15:02:03Z',
      'the default route is gone',
      '3 more',
      'aaaaaaaaaaaa',
      'drifttrail show f-000000000001',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('stays within the limits with the largest and nastiest message', () => {
    const message = encodeSlack(nastiest());
    const texts = message.blocks.flatMap((block) => ('text' in block ? [block.text] : 'elements' in block ? block.elements : []));
    expect(message.blocks.length).toBeLessThanOrEqual(40);
    expect(texts.reduce((sum, { text }) => sum + text.length, message.text.length)).toBeLessThanOrEqual(9000);
    for (const block of message.blocks) {
      if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(150);
      if (block.type === 'section') expect(block.text.text.length).toBeLessThanOrEqual(3000);
    }
    expect(texts.every((text) => text.type === 'plain_text' && text.text.length > 0)).toBe(true);
    for (const text of [message.text, ...texts.map((part) => part.text)]) {
      expect(text).not.toMatch(/[<>]/);
      expect(text).not.toMatch(/&(?!amp;|lt;|gt;)/);
      expect(text).not.toMatch(UNSEEN);
    }
    expect(message.text).not.toContain('```');
  });

  it('takes an address only', () => {
    expect(slack.options.safeParse({ url: 'https://hooks.example/x' }).success).toBe(true);
    expect(slack.options.safeParse({ url: 'file:///x' }).success).toBe(false);
    expect(slack.options.safeParse({ url: 'https://x', typo: 1 }).success).toBe(false);
  });
});

describe('webhook', () => {
  it('posts a signed CloudEvents document that names its message', async () => {
    const context = contextOf(webhook.options.parse({ url: 'https://x.example/', secret: 'k'.repeat(32) }));
    await webhook.deliver(messageOf(), AbortSignal.timeout(1000), context);
    const [request] = context.sent;
    const body = JSON.parse(request?.body ?? '') as Record<string, unknown>;
    expect(body).toMatchObject({
      specversion: '1.0',
      id: messageOf().id,
      source: 'drifttrail',
      type: 'drifttrail.changes',
      time: '2026-01-14T12:00:00.000Z',
      datacontenttype: 'application/json',
    });
    expect(request?.headers).toMatchObject({
      'idempotency-key': messageOf().id,
      'x-drifttrail-timestamp': '1768392000',
      'x-drifttrail-signature': signature('k'.repeat(32), '1768392000', request?.body ?? ''),
      'content-type': 'application/cloudevents+json; charset=utf-8',
    });
  });

  it('signs time and body with HMAC-SHA256', () => {
    // printf '1.{}' | openssl dgst -sha256 -hmac key
    expect(signature('key', '1', '{}')).toMatch(/^sha256=[0-9a-f]{64}$/);
    expect(signature('key', '1', '{}')).not.toBe(signature('key', '2', '{}'));
    expect(signature('key', '1', '{}')).not.toBe(signature('other', '1', '{}'));
  });

  it('keeps to 64 KiB, and still names findings, with the nastiest message', () => {
    const text = JSON.stringify(encodeEvent(nastiest(), 'drifttrail', '2026-01-14T12:00:00Z'));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(64 * 1024);
    expect(text).not.toContain('ASIACREDENTIAL');
    const { data } = JSON.parse(text) as { data: { findings: unknown[]; more: number } };
    expect(data.findings.length + data.more).toBe(5 + 99_999);
  });
});

describe('exec', () => {
  const run = async (script: string, message: Message = messageOf(), options: object = {}) => {
    const context = contextOf(
      exec.options.parse({ command: [process.execPath, '-e', script, '$(touch /tmp/never)'], ...options }) as never,
    );
    return exec.deliver(message, AbortSignal.timeout(20_000), context);
  };

  it('gives the message on standard input, an environment of its own, and no shell', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'drifttrail-exec-'));
    try {
      const out = join(folder, 'out.json');
      const script = `let s='';process.stdin.on('data',d=>s+=d).on('end',()=>require('fs').writeFileSync(process.env.OUT,JSON.stringify({s:JSON.parse(s),env:process.env,argv:process.argv.slice(1)})))`;
      expect(await run(script, messageOf(), { env: { OUT: out } })).toEqual({ status: 'delivered', detail: 'exit 0' });
      const seen = JSON.parse(await readFile(out, 'utf8')) as { s: Message; env: Record<string, string>; argv: string[] };
      expect(seen.s).toMatchObject({ id: messageOf().id, findings: [{ id: 'f-000000000001', threat: { level: 'high' } }] });
      expect(Object.keys(seen.env).sort()).toEqual(['OUT', 'PATH']);
      expect(seen.argv).toEqual(['$(touch /tmp/never)']);
      expect(JSON.stringify(seen.s)).not.toContain('ASIACREDENTIAL');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('reads exit codes: 75 tries again, others are refused with what the program said', async () => {
    expect(await run('process.exit(75)')).toMatchObject({ status: 'retry' });
    expect(await run('console.error("no \\u001b[31mway");process.exit(2)')).toEqual({ status: 'rejected', detail: 'exit 2: no way' });
  });

  it('waits for no child that outlives the program it killed', async () => {
    const begun = performance.now();
    const script = `require('child_process').spawn('sleep', ['20'], { stdio: 'inherit' }); setInterval(() => {}, 1000)`;
    expect(await run(script, messageOf(), { timeout: 300 })).toMatchObject({ status: 'retry' });
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it('kills a program that takes too long', async () => {
    expect(await run('setInterval(()=>{},1000)', messageOf(), { timeout: 300 })).toMatchObject({ status: 'retry' });
  });
});
