/** Which accounts there are: those that are configured one by one, or all that AWS Organizations lists, each through a role in it. */
import type { Account } from './api.ts';
import { AnswerError, type Fault, faultOf } from './errors.ts';
import { type AccountOption, expectedId, labelOf, type OrganizationOption, type SessionOptions } from './options.ts';
import { listAll } from './paginate.ts';
import { partitionOfArn } from './partition.ts';
import type { Session } from './session.ts';

/** Hears of an account that does not answer, by its number, role or profile; `organization` when there is no list. */
export type Refused = (who: string, fault: Fault) => void;

/** Undefined for an account that does not answer: it harms nobody else. */
export async function openAccount(
  session: Session,
  option: AccountOption,
  signal: AbortSignal,
  refused: Refused,
): Promise<Account | undefined> {
  try {
    return await session.account(option, signal);
  } catch (error) {
    refused(expectedId(option) ?? labelOf(option), accountFault(error, option));
    return undefined;
  }
}

/** The configured accounts, or the organisation's active ones in order of their numbers; none when they cannot be listed. */
export async function accountsOf(
  session: Session,
  { accounts }: Pick<SessionOptions, 'accounts'>,
  signal: AbortSignal,
  refused: Refused,
): Promise<readonly AccountOption[]> {
  const organization = organizationOf(accounts);
  if (organization === undefined) return accounts as readonly AccountOption[];
  const lister = await openAccount(session, listerOf(organization), signal, refused);
  if (lister === undefined) return [];
  try {
    return await members(lister, organization, signal);
  } catch (error) {
    const where = { action: 'organizations:ListAccounts', region: lister.globalRegion, caller: lister.caller };
    refused('organization', faultOf(error, where));
    return [];
  }
}

function organizationOf(accounts: SessionOptions['accounts']): OrganizationOption | undefined {
  if (accounts === 'organization') return { role: 'drifttrail', except: [] };
  return 'organization' in accounts ? accounts.organization : undefined;
}

/** Whom to ask for the list: the management account, or one that it delegated to. */
function listerOf({ profile, roleArn, externalId }: OrganizationOption): AccountOption {
  return { profile, roleArn, externalId };
}

/** Rejects rather than leave accounts out: without the whole list nobody knows which are missing. */
async function members(lister: Account, organization: OrganizationOption, signal: AbortSignal): Promise<AccountOption[]> {
  const request = { service: 'organizations', operation: 'ListAccounts', input: {}, region: lister.globalRegion } as const;
  const listed = await listAll(lister.send, request, 'Accounts', signal);
  const ids = listed.flatMap(({ id, state, status }) => {
    if (typeof id !== 'string') throw new AnswerError('invalid', 'an account has no id');
    // Suspended and closed accounts answer nobody. `status` is the older name of `state`.
    return (state ?? status) === 'ACTIVE' && !organization.except.includes(id) ? [id] : [];
  });
  return ids.sort().map((id) => (id === lister.id ? { ...listerOf(organization), id } : memberOf(id, lister, organization)));
}

function memberOf(id: string, lister: Account, { profile, role, externalId }: OrganizationOption): AccountOption {
  return { profile, roleArn: `arn:${partitionOfArn(lister.caller).name}:iam::${id}:role/${role}`, externalId, id };
}

function accountFault(error: unknown, option: AccountOption): Fault {
  const { roleArn } = option;
  const fault = faultOf(error, { action: roleArn === undefined ? 'sts:GetCallerIdentity' : 'sts:AssumeRole', caller: labelOf(option) });
  if (roleArn === undefined || !fault.detail.startsWith('AccessDenied')) return fault;
  // Asking who one is needs no permission: what was refused is taking the role.
  return {
    reason: 'denied',
    detail: `AccessDenied: sts:AssumeRole ${roleArn}; does it exist, trust the caller and ask for this external ID?`,
  };
}
