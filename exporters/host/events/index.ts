/** Which records of a Linux machine change which kind, and whose logs have them. */
import type { Kind } from 'drifttrail';
import { accountRules } from './accounts.ts';
import { commandRules } from './commands.ts';
import { DERIVED_KINDS } from './derived.ts';
import { fileRules } from './files.ts';
import { packageRules } from './packages.ts';
import { inAccountLogs, inAuditLog, inPackageLogs } from './places.ts';
import { serviceRules } from './services.ts';

type Recorded = Required<Pick<Kind, 'events' | 'recordedIn'>>;

const FILES: Recorded = { events: [...fileRules, ...commandRules], recordedIn: inAuditLog };
const ACCOUNTS: Recorded = { events: [...accountRules, ...fileRules], recordedIn: inAccountLogs };

/** Kinds without an entry (sockets, mounts, kernel modules …) are changed by what no log tells. */
export const recorded: Readonly<Record<string, Recorded>> = {
  ...Object.fromEntries(DERIVED_KINDS.map((kind) => [kind, { events: fileRules, recordedIn: inAuditLog }])),
  'host.file': FILES,
  'host.file-metadata': FILES,
  'host.user': ACCOUNTS,
  'host.group': ACCOUNTS,
  'host.password': ACCOUNTS,
  'host.package': { events: packageRules, recordedIn: inPackageLogs },
  'host.service': { events: [...serviceRules, ...commandRules], recordedIn: inAuditLog },
};
