/** Who holds which access key: the identities that the endpoint's audit records name. */
import type { JsonObject } from '../../../src/model.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Caller {
  readonly account: string;
  /** `userIdentity` of the records. */
  readonly identity: JsonObject;
  readonly sourceIp: string;
  /** The session was opened in the AWS console. */
  readonly console: boolean;
  /** The key that the emulator knows as one of the same account. */
  readonly emulatorKey: string;
}

export interface Callers {
  readonly add: (accessKeyId: string, caller: Caller) => void;
  readonly of: (accessKeyId: string) => Caller;
}

const DEFAULT_ACCOUNT = '123456789012';

export function createCallers(): Callers {
  const known = new Map<string, Caller>();
  return {
    add: (accessKeyId, caller) => known.set(accessKeyId, caller),
    of: (accessKeyId) => known.get(accessKeyId) ?? root(DEFAULT_ACCOUNT, accessKeyId),
  };
}

function root(account: string, accessKeyId: string): Caller {
  const identity = { type: 'Root', principalId: account, arn: `arn:aws:iam::${account}:root`, accountId: account, accessKeyId };
  return { account, identity, sourceIp: '198.51.100.1', console: false, emulatorKey: accessKeyId };
}

export interface UserOptions {
  readonly account: string;
  readonly name: string;
  readonly userId: string;
  readonly accessKeyId: string;
  /** ISO time at which the person signed in to the console. */
  readonly consoleSince?: string;
  readonly mfa?: boolean;
}

export function iamUser(options: UserOptions): JsonObject {
  return {
    type: 'IAMUser',
    principalId: options.userId,
    arn: `arn:aws:iam::${options.account}:user/${options.name}`,
    accountId: options.account,
    accessKeyId: options.accessKeyId,
    userName: options.name,
    ...(options.consoleSince === undefined
      ? {}
      : { sessionContext: { attributes: { creationDate: options.consoleSince, mfaAuthenticated: String(options.mfa ?? false) } } }),
  };
}

export interface SessionOptions {
  readonly account: string;
  readonly role: string;
  /** `/` unless told; SSO's roles live below `/aws-reserved/sso.amazonaws.com/`. */
  readonly path?: string;
  readonly roleId: string;
  readonly session: string;
  readonly accessKeyId: string;
  readonly since: string;
  readonly mfa?: boolean;
  readonly sourceIdentity?: string;
}

export function assumedRole(options: SessionOptions): JsonObject {
  const { account, role, session, roleId } = options;
  return {
    type: 'AssumedRole',
    principalId: `${roleId}:${session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
    accountId: account,
    accessKeyId: options.accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: roleId,
        arn: `arn:aws:iam::${account}:role${options.path ?? '/'}${role}`,
        accountId: account,
        userName: role,
      },
      ...(options.sourceIdentity === undefined ? {} : { sourceIdentity: options.sourceIdentity }),
      attributes: { creationDate: options.since, mfaAuthenticated: String(options.mfa ?? false) },
    },
  };
}
