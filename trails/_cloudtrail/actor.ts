/** Who made a call: the human before the role, from what `userIdentity` says; one line per identity type. */
import type { Actor, JsonObject } from 'drifttrail';
import { flagAt, objectAt, textAt } from './read.ts';
import { viaOf } from './via.ts';

interface Named {
  readonly name: string | undefined;
  readonly role?: string;
  readonly nameFrom?: string;
}

/** By `userIdentity.type`. */
const IDENTITIES: Readonly<Record<string, (identity: JsonObject) => Named>> = {
  // A privileged session of root is somebody's of another account, who asked for it by AssumeRoot.
  Root: (identity) => ({ name: 'root', ...(flagAt(objectAt(identity, 'sessionContext'), 'assumedRoot') ? {} : { nameFrom: 'user' }) }),
  IAMUser: (identity) => ({ name: textAt(identity, 'userName') ?? lastOf(textAt(identity, 'arn')), nameFrom: 'user' }),
  AssumedRole: session,
  Role: (identity) => ({ name: lastOf(textAt(identity, 'arn')) ?? textAt(identity, 'principalId') }),
  FederatedUser: federated,
  AWSService: (identity) => ({ name: textAt(identity, 'invokedBy') }),
  AWSAccount: foreign,
  // Qualified by who vouched for them: `<hash>=:dora`.
  SAMLUser: (identity) => ({ name: textAt(identity, 'userName') ?? sessionOf(identity), nameFrom: 'user' }),
  Directory: (identity) => ({ name: textAt(identity, 'userName'), nameFrom: 'user' }),
  WebIdentityUser: (identity) => ({ name: textAt(identity, 'userName'), nameFrom: 'user' }),
  IdentityCenterUser: (identity) => ({ name: textAt(objectAt(identity, 'onBehalfOf'), 'userId'), nameFrom: 'user' }),
};

/** Calls of the console; old records name it as if it were a service. */
const CONSOLES = /^(AWS Internal|(signin|console)\.amazonaws\.com(\.cn)?)$/;

/** Billing and older services call everybody `Unknown`; the ARN tells who it is. */
const BY_ARN: readonly (readonly [RegExp, string])[] = [
  [/:root$/, 'Root'],
  [/:user\//, 'IAMUser'],
  [/:assumed-role\//, 'AssumedRole'],
  [/:federated-user\//, 'FederatedUser'],
];

/** A missing type stands for a call that AWS made to itself. */
function typeOf(identity: JsonObject): string {
  const told = textAt(identity, 'type') ?? (textAt(identity, 'invokedBy') === undefined ? 'Unknown' : 'AWSService');
  if (told !== 'Unknown') return told;
  const arn = textAt(identity, 'arn') ?? '';
  return BY_ARN.find(([pattern]) => pattern.test(arn))?.[1] ?? told;
}

const otherIdentity = (identity: JsonObject): Named => ({ name: textAt(identity, 'userName') });

export function actorOf(record: JsonObject): Actor {
  const identity = objectAt(record, 'userIdentity');
  const invokedBy = textAt(identity, 'invokedBy');
  const type = typeOf(identity);
  const arn = textAt(identity, 'arn') ?? null;
  const named = signedIn(record, (IDENTITIES[type] ?? otherIdentity)(identity), type);
  const sourceIp = textAt(record, 'sourceIPAddress') ?? null;
  const userAgent = textAt(record, 'userAgent') ?? null;
  const via = viaOf({
    userAgent: userAgent ?? '',
    sourceIp: sourceIp ?? '',
    invokedBy: invokedBy ?? '',
    identityType: type,
    roleName: named.role ?? '',
    consoleSession: flagAt(record, 'sessionCredentialFromConsole') ?? false,
    eventType: textAt(record, 'eventType') ?? '',
  });
  const service = invokedBy === undefined || CONSOLES.test(invokedBy) ? undefined : invokedBy;
  const credential = textAt(identity, 'accessKeyId');
  return {
    name:
      named.name ?? lastOf(arn ?? undefined) ?? textAt(identity, 'principalId') ?? invokedBy ?? textAt(identity, 'accountId') ?? 'unknown',
    type,
    arn,
    role: named.role ?? null,
    via,
    sourceIp,
    userAgent,
    mfa: mfaOf(record, identity),
    ...(service === undefined ? {} : { service }),
    ...(credential === undefined ? {} : { credential }),
    ...(named.nameFrom === undefined ? {} : { nameFrom: named.nameFrom }),
  };
}

/** Of somebody of the identity centre a record has a number, and the name only where they sign in. */
function signedIn(record: JsonObject, named: Named, type: string): Named {
  const name = type === 'IdentityCenterUser' ? textAt(objectAt(record, 'additionalEventData'), 'UserName') : undefined;
  return name === undefined ? named : { ...named, name };
}

/** The session name is the caller's choice: a name only where an identity provider or a mail address stands behind it. */
function session(identity: JsonObject): Named {
  const arn = textAt(identity, 'arn');
  const [, assumed, called] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn ?? '') ?? [];
  // Some records have the role's own ARN in place of the session's.
  const role = issuer(identity) ?? assumed ?? lastOf(arn);
  const sessionName = called ?? sessionOf(identity);
  const source = textAt(objectAt(identity, 'sessionContext'), 'sourceIdentity');
  const beside = role === undefined ? {} : { role };
  if (source !== undefined) return { name: source, nameFrom: 'sourceIdentity', ...beside };
  const human = role?.startsWith('AWSReservedSSO_') || sessionName?.includes('@');
  return { name: sessionName ?? role, ...(human ? { nameFrom: 'session-name' } : {}), ...beside };
}

/** Who asked for the session named it as they liked, and lent it their rights: they are told in the place of a role. */
function federated(identity: JsonObject): Named {
  const lender = issuer(identity);
  return { name: lastOf(textAt(identity, 'arn')) ?? lender, nameFrom: 'user', ...(lender === undefined ? {} : { role: lender }) };
}

/** The other account's own record tells more; its roles' sessions are known by name here, too. */
function foreign(identity: JsonObject): Named {
  const sessionName = sessionOf(identity);
  if (sessionName?.includes('@')) return { name: sessionName, nameFrom: 'session-name' };
  return { name: textAt(identity, 'accountId') ?? textAt(identity, 'principalId') };
}

/** What stands after the first colon of `AROAEXAMPLE:carol@example.com`. */
function sessionOf(identity: JsonObject): string | undefined {
  return textAt(identity, 'principalId')?.split(':').slice(1).join(':') || undefined;
}

function issuer(identity: JsonObject): string | undefined {
  return textAt(objectAt(identity, 'sessionContext', 'sessionIssuer'), 'userName');
}

/** What stands after the last slash of an ARN; `root` in `arn:aws:iam::123456789012:root`. */
function lastOf(arn: string | undefined): string | undefined {
  return arn?.split(/[/:]/).at(-1) || undefined;
}

function mfaOf(record: JsonObject, identity: JsonObject): boolean | null {
  const used = textAt(objectAt(record, 'additionalEventData'), 'MFAUsed');
  if (used !== undefined) return used.toLowerCase() === 'yes';
  return flagAt(objectAt(identity, 'sessionContext', 'attributes'), 'mfaAuthenticated') ?? null;
}
