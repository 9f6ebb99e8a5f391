/** The public keys that digests are signed with, by fingerprint: from AWS, or from the saved output of its command line. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DrifttrailError, type JsonObject, requirePlain, type Surroundings } from 'drifttrail';
import { z } from 'zod';
import type { AccountOption } from '../../exporters/_aws/options.ts';
import { listAll } from '../../exporters/_aws/paginate.ts';
import { openSdk } from '../../exporters/_aws/sdk.ts';

export type PublicKeys = ReadonlyMap<string, KeyObject>;
/** The keys of a region; rejects when they cannot be had. */
export type KeysOf = (region: string) => Promise<PublicKeys>;

export const publicKeysOption = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .optional()
  .describe('Saved output of `aws cloudtrail list-public-keys`, a file or several; without it AWS is asked');

const saved = z.object({ PublicKeyList: z.array(z.object({ Fingerprint: z.string().min(1), Value: z.base64().min(1) })) });
/** What the documentation's own sample calls the list. */
const sample = z.object({ publicKeyList: saved.shape.PublicKeyList }).transform(({ publicKeyList }) => ({ PublicKeyList: publicKeyList }));

/** @throws {DrifttrailError} `public-keys-unreadable`, `public-keys-invalid` */
export async function readPublicKeys(files: string | readonly string[], dir: string): Promise<PublicKeys> {
  const keys = new Map<string, KeyObject>();
  for (const name of typeof files === 'string' ? [files] : files) {
    const file = resolve(dir, name);
    requirePlain(file);
    const remedy = `aws cloudtrail list-public-keys --start-time <the first digest's> --region <the trail's> > ${file}`;
    const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      const message = cause.code === 'ENOENT' ? `there is no ${file}` : `cannot read ${file}: ${cause.code}`;
      throw new DrifttrailError({ code: 'public-keys-unreadable', message, remedy, cause });
    });
    try {
      const { PublicKeyList } = z.union([saved, sample]).parse(JSON.parse(text));
      for (const { Fingerprint, Value } of PublicKeyList) keys.set(Fingerprint, publicKey(Buffer.from(Value, 'base64')));
    } catch (cause) {
      throw new DrifttrailError({
        code: 'public-keys-invalid',
        message: `${file} holds no list of public keys`,
        remedy,
        cause,
      });
    }
  }
  return keys;
}

/** PKCS#1 as documented; the documentation's samples hold the other encoding of a public key as well. */
export function publicKey(der: Uint8Array): KeyObject {
  const key = Buffer.from(der);
  try {
    return createPublicKey({ key, format: 'der', type: 'pkcs1' });
  } catch {
    return createPublicKey({ key, format: 'der', type: 'spki' }); // throws when it is neither
  }
}

export interface AskOptions {
  readonly window: { readonly from: string; readonly to: string };
  readonly account: AccountOption;
  readonly endpoint?: string | undefined;
  readonly signal: AbortSignal;
}

/** Requests per second and region. */
const RATE = 1;

/** Asks each region once: every region signs with keys of its own. */
export function askPublicKeys({ window, account, endpoint, signal }: AskOptions, surroundings: Surroundings): KeysOf {
  const known = new Map<string, Promise<PublicKeys>>();
  const ask = async (region: string): Promise<PublicKeys> => {
    const sdk = await openSdk({ rate: RATE, endpoint }, surroundings);
    try {
      const send = await sdk.sender(account);
      // The SDK wants Dates, which are no JSON.
      const input = { StartTime: new Date(window.from), EndTime: new Date(window.to) } as unknown as JsonObject;
      const request = { service: 'cloudtrail', operation: 'ListPublicKeys', input, region } as const;
      const listed = await listAll(send, request, 'PublicKeyList', signal);
      return new Map(
        listed.flatMap(({ fingerprint, value }) =>
          typeof fingerprint === 'string' && typeof value === 'string'
            ? [[fingerprint, publicKey(Buffer.from(value, 'base64'))] as const]
            : [],
        ),
      );
    } finally {
      sdk.close();
    }
  };
  return (region) => {
    const asked = known.get(region) ?? ask(region);
    known.set(region, asked);
    return asked;
  };
}
