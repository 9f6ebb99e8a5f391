/** The words that a rule's condition may use beyond CEL's own; one table, so that `docs` and did-you-mean read from it. */
import type { Environment } from '@marcbachmann/cel-js';
import { flag, get, items, keysOf, leaves, number, text } from './access.ts';
import { isPrivateAddress, isPublicCidr, isWidePublic, isWorld, isWorldTogether, rangeBits } from './cidr.ts';
import { runsForeignCode } from './commands.ts';
import { openingOfKey, portsOverlap } from './firewall.ts';
import { allowsPassRole, broadGrants, escalations, isAdminManagedPolicy, isAdminPolicy, managedPower, newEscalations } from './grants.ts';
import { imageSource, isFloatingImage, isPowerfulRight, podImages, podRisks, roleRights } from './kubernetes.ts';
import { parsePolicy, policiesIn } from './policy.ts';
import {
  asksExternalId,
  externalPrincipals,
  isForeignPrincipal,
  isPublicPolicy,
  newExternalPrincipals,
  openFederations,
} from './principals.ts';
import { settings } from './settings.ts';
import { isWidened } from './widening.ts';

interface Helper {
  readonly signature: string;
  readonly says: string;
  // The CEL environment checks the arguments against the signature; a handler takes what it declares.
  readonly run: (...values: never[]) => unknown;
}

const account = (value: unknown): string => (typeof value === 'string' ? value : '');

export const HELPERS: readonly Helper[] = [
  { signature: 'get(dyn, string): dyn', says: 'the value at a dotted path, or null', run: get },
  { signature: 'text(dyn, string): string', says: 'the scalar at a dotted path as text, or ""', run: text },
  { signature: 'flag(dyn, string): string', says: '"on", "off", or "" when the record does not say', run: flag },
  { signature: 'number(dyn, string): double', says: 'the number at a dotted path, or -1', run: number },
  {
    signature: 'items(dyn, string): list',
    says: 'what stands at a dotted path as a list, whatever form it has',
    run: (value, path) => [...items(value, path)],
  },
  { signature: 'leaves(dyn): list', says: 'every scalar below a value, as text', run: (value) => [...leaves(value)] },
  {
    signature: 'settings(dyn): list',
    says: 'every setting of a request as `name` (lower case, dotted), `value` and `state` ("on", "off" or ""), whatever form it has',
    run: (value) => [...settings(value)],
  },
  { signature: 'keys(dyn): list', says: "the names of an object's members", run: (value) => [...keysOf(value)] },
  { signature: 'isWorld(dyn): bool', says: 'whether a range is the whole internet', run: isWorld },
  {
    signature: 'isWorldTogether(dyn): bool',
    says: 'whether a list of ranges is together the whole internet, or half of it',
    run: (values) => isWorldTogether(values),
  },
  { signature: 'isWidePublic(dyn): bool', says: 'whether a range holds millions of public addresses', run: isWidePublic },
  { signature: 'isPublicCidr(dyn): bool', says: 'whether a range reaches public addresses', run: isPublicCidr },
  { signature: 'isPrivateAddress(dyn): bool', says: 'whether an address is private', run: isPrivateAddress },
  { signature: 'rangeBits(dyn): double', says: 'the size of a range as a power of two', run: rangeBits },
  {
    signature: 'portsOverlap(dyn, dyn, dyn, dyn): bool',
    says: 'whether two port ranges share a port',
    run: (a: unknown, b: unknown, c: unknown, d: unknown) => portsOverlap(Number(a), Number(b), Number(c), Number(d)),
  },
  {
    signature: 'opening(string): dyn',
    says: "a security group's rule key as direction, protocol, ports and peer",
    run: (key: string) => openingOfKey(key) ?? null,
  },
  {
    signature: 'runsForeignCode(dyn): bool',
    says: 'whether a command line runs what anybody could have put there',
    run: runsForeignCode,
  },
  { signature: 'podRisks(dyn): list', says: 'what lets the pods of a workload act on their node', run: (value) => [...podRisks(value)] },
  { signature: 'podImages(dyn): list', says: 'the images of the pods of a workload', run: (value) => [...podImages(value)] },
  { signature: 'isFloatingImage(dyn): bool', says: 'whether an image has neither a digest nor a version', run: isFloatingImage },
  { signature: 'imageSource(dyn): string', says: 'registry and folder of an image', run: imageSource },
  { signature: 'roleRights(dyn): list', says: 'what a role of Kubernetes allows: "get secrets"', run: (value) => [...roleRights(value)] },
  { signature: 'isPowerfulRight(dyn): bool', says: 'whether such a right leads to all others', run: isPowerfulRight },
  { signature: 'policy(dyn): dyn', says: 'a policy document from JSON text or an object, or null', run: parsePolicy },
  {
    signature: 'policiesIn(dyn): list',
    says: 'every policy document anywhere in a request',
    run: (value) => [...policiesIn(value)],
  },
  { signature: 'isAdminPolicy(dyn): bool', says: 'whether a policy grants everything or all of IAM', run: isAdminPolicy },
  {
    signature: 'isAdminManagedPolicy(dyn): bool',
    says: "whether an ARN is one of AWS's administrator policies",
    run: isAdminManagedPolicy,
  },
  {
    signature: 'managedPower(dyn): string',
    says: 'what one of AWS\'s own policies gives: "admin", "full", "some", "read"; "" for another',
    run: managedPower,
  },
  {
    signature: 'broadGrants(dyn): list',
    says: 'what a policy grants by the whole: a service on everything, every secret',
    run: (value) => [...broadGrants(value)],
  },
  {
    signature: 'newEscalations(dyn, dyn): list',
    says: 'ways to more rights that the new policy opens and the old one did not',
    run: (before, after) => [...newEscalations(before, after)],
  },
  {
    signature: 'escalations(dyn): list',
    says: 'actions of a policy that let its holder take more rights',
    run: (value) => [...escalations(value)],
  },
  { signature: 'allowsPassRole(dyn): bool', says: 'whether a policy may hand any role to any service', run: allowsPassRole },
  { signature: 'isPublicPolicy(dyn): bool', says: 'whether a resource policy lets anybody in', run: isPublicPolicy },
  { signature: 'isWidened(dyn, dyn): bool', says: 'whether a policy lets somebody do what the one before it did not', run: isWidened },
  {
    signature: 'isForeignPrincipal(dyn, dyn): bool',
    says: 'whether a principal is everybody or of another account than this',
    run: (value, owner) => isForeignPrincipal(value, account(owner)),
  },
  {
    signature: 'asksExternalId(dyn, dyn): bool',
    says: 'whether the outsiders a trust lets in must say a word agreed on',
    run: (value, owner) => asksExternalId(value, account(owner)),
  },
  {
    signature: 'externalPrincipals(dyn, dyn): list',
    says: 'who outside an account a policy lets in',
    run: (value, owner) => [...externalPrincipals(value, account(owner))],
  },
  {
    signature: 'newExternalPrincipals(dyn, dyn, dyn): list',
    says: 'who outside an account the new policy lets in and the old one did not',
    run: (before, after, owner) => [...newExternalPrincipals(before, after, account(owner))],
  },
  {
    signature: 'openFederations(dyn): list',
    says: 'identity providers admitted without saying which of their subjects',
    run: (value) => [...openFederations(value)],
  },
];

export function registerHelpers(environment: Environment): void {
  for (const { signature, run, says } of HELPERS)
    environment.registerFunction(signature, run as (...values: unknown[]) => unknown, { description: says });
}
