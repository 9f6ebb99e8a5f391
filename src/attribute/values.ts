/** Whether a value that a call named is the value that a document has, whatever types and spellings the two use. */
import ipaddr from 'ipaddr.js';
import type { Json, JsonObject } from '../model.ts';
import { isObject } from '../pointer.ts';

const ROOT_ARN = /^arn:aws[\w-]*:iam::(\d{12}):root$/;
const REDACTED = '«redacted:';

/**
 * Objects: every field that the call names must fit; the document may have more, but for policies, which are whole.
 * Lists of scalars are sets; a scalar and a list of it are the same.
 */
export function sameValue(told: Json, found: Json | undefined): boolean {
  if (found === undefined) return told === null;
  if (isObject(told)) return isObject(found) && sameObject(told, found);
  if (Array.isArray(told) || Array.isArray(found)) return sameList(asList(told), asList(found));
  return !isObject(found) && sameScalar(told, found);
}

/** Whether the document hides what stands there. */
export function isMasked(value: Json | undefined): boolean {
  return value !== undefined && JSON.stringify(value).includes(REDACTED);
}

function sameObject(told: JsonObject, found: JsonObject): boolean {
  const isPolicy = Object.hasOwn(told, 'Statement') || Object.hasOwn(told, 'Effect');
  if (isPolicy && Object.keys(found).some((key) => !Object.hasOwn(told, key))) return false;
  return Object.entries(told).every(([key, value]) => sameValue(value, Object.hasOwn(found, key) ? found[key] : undefined));
}

function sameList(told: readonly Json[], found: readonly Json[]): boolean {
  if (told.length !== found.length) return false;
  if ([...told, ...found].some((item) => typeof item === 'object' && item !== null)) {
    return told.every((item, index) => sameValue(item, found[index]));
  }
  const rest = [...found];
  return told.every((item) => {
    const index = rest.findIndex((other) => sameScalar(item, other));
    if (index >= 0) rest.splice(index, 1);
    return index >= 0;
  });
}

function sameScalar(told: Json, found: Json): boolean {
  if (told === found) return true;
  const [a, b] = [String(told), String(found)];
  return a === b || sameWord(a, b) || samePrincipal(a, b) || sameBlock(a, b);
}

/** `true` and `"True"`. */
function sameWord(a: string, b: string): boolean {
  return /^(true|false)$/i.test(a) && a.toLowerCase() === b.toLowerCase();
}

/** IAM writes an account as its number or as the ARN of its root. */
function samePrincipal(a: string, b: string): boolean {
  const account = (text: string) => ROOT_ARN.exec(text)?.[1] ?? (/^\d{12}$/.test(text) ? text : undefined);
  return account(a) !== undefined && account(a) === account(b);
}

/** Address blocks with host bits, and IPv6 in any spelling. */
function sameBlock(a: string, b: string): boolean {
  if (!a.includes('/') || !b.includes('/')) return false;
  return network(a) !== undefined && network(a) === network(b);
}

function network(cidr: string): string | undefined {
  if (!ipaddr.isValidCIDR(cidr)) return undefined;
  const [address, bits] = ipaddr.parseCIDR(cidr);
  const base = address.kind() === 'ipv4' ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  return `${base.toNormalizedString()}/${bits}`;
}

function asList(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}
