/** Receivers that write down what they got before they answer, and that fail now and then: what outlets meet in the world. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';
import { fill } from '../folder.ts';

/** One message as it came in. */
export interface Got {
  readonly outlet: string;
  /** What the receiver can tell repeats by. */
  readonly id: string;
  /** `t0@7`: the thing and what it says now. */
  readonly findings: readonly string[];
  /** Findings that it counts and does not show. */
  readonly more: number;
  readonly followUp: boolean;
  /** Whether the actor of one of them is still looked for. */
  readonly pending: boolean;
}

interface FindingData {
  readonly id: string;
  readonly resource: { readonly id: string };
  readonly edits: readonly { readonly after: unknown }[];
  readonly attribution: { readonly status: string };
}

const PATHS = { webhook: '/webhook', slack: '/slack', pagerduty: '/v2/' } as const;
const OUTLETS = ['webhook', 'slack', 'pagerduty'] as const;
/** An answer after it was taken down: mostly as it should be. */
const SLOWEST = 25; // milliseconds

/** `random`: numbers from 0 to 1. `arrived` is called for each message that comes over the network. The program of the exec outlet appends to `<dir>/exec.jsonl`. */
export async function receivers(dir: string, random: () => number, arrived: () => void) {
  const taken: Got[] = [];
  const take = (one: Got) => {
    taken.push(one);
    arrived();
  };
  const web = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    // A request that was cut off by a kill never ends, and was not got.
    request.on('end', () => {
      const outlet = OUTLETS.find((name) => request.url?.startsWith(PATHS[name]));
      if (outlet === undefined) throw new Error(`nobody is at ${request.url}`);
      take({ outlet, ...READ[outlet](body, String(request.headers['idempotency-key'] ?? '')) });
      const fate = random();
      void delay(random() * SLOWEST).then(() => {
        if (fate < 0.05) request.socket.destroy();
        else if (fate < 0.12) response.writeHead(429, { 'retry-after': '30' }).end();
        else response.writeHead(fate < 0.2 ? 503 : 202).end();
      });
    });
    request.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const post = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, _session, done) => {
      let text = '';
      stream.on('data', (bytes: Buffer) => {
        text += bytes.toString();
      });
      stream.on('end', () => {
        take({ outlet: 'mail', ...readMail(text) });
        void delay(random() * SLOWEST).then(() => done(random() < 0.1 ? Object.assign(new Error('later'), { responseCode: 451 }) : null));
      });
    },
  });
  post.on('error', () => undefined);
  await new Promise<void>((resolve) => post.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    web.closeAllConnections();
    web.close();
    post.close();
  });
  fill(dir, { 'take.mjs': PROGRAM });
  const log = join(dir, 'exec.jsonl');
  return {
    web: `http://127.0.0.1:${(web.address() as AddressInfo).port}`,
    smtp: (post.server.address() as AddressInfo).port,
    got: (): Got[] => [
      ...taken,
      ...(existsSync(log) ? lines(readFileSync(log, 'utf8')).map((line) => ({ outlet: 'exec', ...readData(line) })) : []),
    ],
  };
}

/** Takes a message down in one write; a tenth of them it then wants once more. */
const PROGRAM = `import { appendFileSync, readFileSync } from 'node:fs';
const text = readFileSync(0, 'utf8');
if (text.endsWith('\\n')) appendFileSync('exec.jsonl', '\\n' + text);
process.exit(Math.random() < 0.1 ? 75 : 0);
`;

const READ: Readonly<Record<(typeof OUTLETS)[number], (body: string, key: string) => Omit<Got, 'outlet'>>> = {
  webhook: (body, key) => {
    const { id, type, data } = JSON.parse(body) as { id: string; type: string; data: { findings: FindingData[]; more: number } };
    if (key !== id) throw new Error(`the event ${id} came under the key ${key}`);
    return { id, ...fromData(data.findings), more: data.more, followUp: type === 'drifttrail.follow-up' };
  },
  pagerduty: (body) => {
    const { dedup_key: key, payload } = JSON.parse(body) as {
      dedup_key?: string;
      payload: { custom_details: FindingData & { readonly id: string } };
    };
    const details = payload.custom_details;
    return { id: key ?? `change ${details.id}`, ...fromData([details]), more: 0, followUp: key === undefined };
  },
  /** Nothing in it is there for machines: two that read alike are the same. */
  slack: (body) => {
    const { text, blocks } = JSON.parse(body) as { text: string; blocks: { text?: { text: string }; elements?: { text: string }[] }[] };
    const parts = blocks.flatMap((block) => [block.text?.text ?? '', ...(block.elements ?? []).map((element) => element.text)]);
    return {
      id: body,
      findings: parts.flatMap((part) => (/^[A-Z]+ \d+ {2}thing/.test(part) ? [thingOf(part)] : [])),
      more: Number(/^(\d+) more · /m.exec(parts.at(-1) ?? '')?.[1] ?? 0),
      followUp: text.startsWith('Now attributed'),
      pending: parts.some((part) => part.includes('attribution pending')),
    };
  },
};

function readData(line: string): Omit<Got, 'outlet'> {
  const { id, kind, findings, more } = JSON.parse(line) as { id: string; kind: string; findings: FindingData[]; more: number };
  return { id, ...fromData(findings), more, followUp: kind === 'follow-up' };
}

function readMail(raw: string): Omit<Got, 'outlet'> {
  const html = raw.indexOf('Content-Type: text/html');
  const text = raw
    .slice(0, html === -1 ? undefined : html)
    .replaceAll(/=\r?\n/g, '')
    .replaceAll('\r', '')
    .replaceAll(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'));
  return {
    id: /^Message-ID: <(.*)@/m.exec(text)?.[1] ?? '',
    findings: text.split('\n\n').flatMap((part) => (/^[A-Z]+ \d+ {2}thing/.test(part) ? [thingOf(part)] : [])),
    more: Number(/^(\d+) more · /m.exec(text)?.[1] ?? 0),
    followUp: text.includes('X-Drifttrail-Kind: follow-up'),
    pending: text.includes('attribution pending'),
  };
}

/** `CRITICAL 95  thing t0 in fake/a/r: modified`, further down `~ /critical 6 → 7`. */
function thingOf(section: string): string {
  return `${/thing (\w+) in/.exec(section)?.[1]}@${/^~ \/\w+ \d+ → (\d+)$/m.exec(section)?.[1]}`;
}

function fromData(findings: readonly FindingData[]): Pick<Got, 'findings' | 'pending'> {
  return {
    findings: findings.map(({ resource, edits }) => `${resource.id}@${edits[0]?.after}`),
    pending: findings.some(({ attribution }) => attribution.status === 'pending'),
  };
}

/** Without what a program was killed in the middle of writing: that was not got. */
function lines(text: string): string[] {
  return text.split('\n').filter((line) => line.endsWith('}') && isJson(line));
}

function isJson(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}
