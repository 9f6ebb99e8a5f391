/** Remembers which readings are known to be stored as which blob, so that what did not change is not worked out again. */
import { createHash, createHmac, hash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Json, Kind, Ref, Resource } from '../model.ts';

export interface Memo {
  /** What stands for this reading; undefined for kinds that only code can tell, which are worked out every time. */
  readonly digest: (resource: Resource, kind: Kind) => string | undefined;
  /** The blob that the reading became last time. */
  readonly recall: (digest: string) => string | undefined;
  readonly learn: (digest: string, blob: string) => void;
  /** Keeps what this run recalled or learnt, and forgets the rest. */
  readonly save: () => void;
}

export interface MemoOptions {
  /** Lost or damaged, it costs time and nothing else: a line that is not whole is met by no digest. */
  readonly file: string;
  /** The redaction key: with another, other bytes are stored, and without it digests tell nothing about secrets. */
  readonly key: Uint8Array;
  /** Of the code that normalizes: another build may print another way. */
  readonly build: string;
}

/** 132 bits of SHA-256 as base64url, a space, 40 hex digits, a newline. */
const DIGEST = 22;
const LINE = DIGEST + 1 + 40 + 1;

export function openMemo({ file, key, build }: MemoOptions): Memo {
  const before = load(file);
  const used = new Map<string, string>();
  let learnt = false;
  const salts = new Map<string, string | undefined>();
  const saltOf = (kind: Kind, name: string): string | undefined => {
    if (salts.has(name)) return salts.get(name);
    // JSON leaves out functions: `canonical` alone among them decides bytes.
    const definition = JSON.stringify([build, name, kind]);
    const salt = kind.canonical === undefined ? createHmac('sha256', key).update(definition).digest('hex') : undefined;
    salts.set(name, salt);
    return salt;
  };
  return {
    digest: ({ ref, config }, kind) => {
      const salt = saltOf(kind, ref.kind);
      return salt === undefined ? undefined : digestOf(salt, ref, config);
    },
    recall: (digest) => {
      const blob = before.get(digest);
      if (blob !== undefined) used.set(digest, blob);
      return blob;
    },
    learn: (digest, blob) => {
      used.set(digest, blob);
      learnt = true;
    },
    save: () => {
      if (learnt || used.size < before.size / 2) store(file, used);
    },
  };
}

/** The id counts because a file's name tells what secrets to expect in it. */
function digestOf(salt: string, { id }: Ref, config: Json | Uint8Array): string {
  const start = `${salt}${JSON.stringify(id)}`;
  const whole =
    config instanceof Uint8Array
      ? createHash('sha256').update(`${start}bytes`).update(config).digest('base64url')
      : hash('sha256', `${start}${JSON.stringify(config)}`, 'base64url');
  return whole.slice(0, DIGEST);
}

function load(file: string): Map<string, string> {
  const known = new Map<string, string>();
  let text: string;
  try {
    text = readFileSync(file, 'latin1');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return known;
    throw cause;
  }
  for (let at = 0; at + LINE <= text.length; at += LINE) {
    known.set(text.slice(at, at + DIGEST), text.slice(at + DIGEST + 1, at + LINE - 1));
  }
  return known;
}

function store(file: string, known: ReadonlyMap<string, string>): void {
  let text = '';
  for (const [digest, blob] of known) text += `${digest} ${blob}\n`;
  // What a killed run left half-written is overwritten here; the deployment's lock keeps a second writer out.
  const fresh = `${file}.new`;
  writeFileSync(fresh, text, { mode: 0o600 });
  renameSync(fresh, file);
}
