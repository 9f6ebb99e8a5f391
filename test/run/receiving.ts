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
  readonly findings: readonly Told[];
  /** Findings that it counts and does not show. */
  readonly more: number;
}

export interface Told {
  /** `t0@7`: the thing and what it says now. */
  readonly name: string;
  /** Whether its actor is still looked for. */
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
        if (fate < 0.02) request.socket.destroy();
        else if (fate < 0.05) response.writeHead(429, { 'retry-after': '30' }).end();
        else response.writeHead(fate < 0.08 ? 503 : 202).end();
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
        void delay(random() * SLOWEST).then(() => done(random() < 0.05 ? Object.assign(new Error('later'), { responseCode: 451 }) : null));
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

/** Takes a message down in one write; one in twenty it then wants once more. */
const PROGRAM = `import { appendFileSync, readFileSync } from 'node:fs';
const text = readFileSync(0, 'utf8');
if (text.endsWith('\\n')) appendFileSync('exec.jsonl', '\\n' + text);
process.exit(Math.random() < 0.05 ? 75 : 0);
`;

const READ: Readonly<Record<(typeof OUTLETS)[number], (body: string, key: string) => Omit<Got, 'outlet'>>> = {
  webhook: (body, key) => {
    const { id, data } = JSON.parse(body) as { id: string; data: { findings: FindingData[]; more: number } };
    if (key !== id) throw new Error(`the event ${id} came under the key ${key}`);
    return { id, findings: data.findings.map(fromData), more: data.more };
  },
  pagerduty: (body) => {
    const { dedup_key: key, payload } = JSON.parse(body) as {
      dedup_key?: string;
      payload: { custom_details: FindingData & { readonly id: string } };
    };
    const details = payload.custom_details;
    return { id: key ?? `change ${details.id}`, findings: [fromData(details)], more: 0 };
  },
  /** Nothing in it is there for machines: two that read alike are the same. */
  slack: (body) => {
    const { blocks } = JSON.parse(body) as { blocks: { text?: { text: string }; elements?: { text: string }[] }[] };
    const parts = blocks.flatMap((block) => [block.text?.text ?? '', ...(block.elements ?? []).map((element) => element.text)]);
    return {
      id: body,
      findings: parts.flatMap((part) => (/^[A-Z]+ \d+ {2}thing/.test(part) ? [thingOf(part)] : [])),
      more: Number(/^(\d+) more · /m.exec(parts.at(-1) ?? '')?.[1] ?? 0),
    };
  },
};

function readData(line: string): Omit<Got, 'outlet'> {
  const { id, findings, more } = JSON.parse(line) as { id: string; findings: FindingData[]; more: number };
  return { id, findings: findings.map(fromData), more };
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
  };
}

/** `CRITICAL 95  thing t0 in fake/a/r: modified`, further down `~ /critical 6 → 7`. */
function thingOf(section: string): Told {
  const name = `${/thing (\w+) in/.exec(section)?.[1]}@${/^~ \/\w+ \d+ → (\d+)$/m.exec(section)?.[1]}`;
  return { name, pending: section.includes('attribution pending') };
}

function fromData({ resource, edits, attribution }: FindingData): Told {
  return { name: `${resource.id}@${edits[0]?.after}`, pending: attribution.status === 'pending' };
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
