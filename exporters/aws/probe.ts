/** Asks AWS who each configured account takes us for: one call, no permission needed. */
import type { Probe, ProbeContext } from 'drifttrail';
import { faultOf } from '../_aws/errors.ts';
import { type AccountOption, labelOf, type SessionOptions } from '../_aws/options.ts';
import { openSession } from '../_aws/session.ts';

/** Never rejects for what AWS answers. */
export async function probeAws({ options, signal, ...surroundings }: ProbeContext<SessionOptions>): Promise<readonly Probe[]> {
  const session = await openSession(options, surroundings);
  try {
    return await Promise.all(
      callersOf(options.accounts).map(async (account): Promise<Probe> => {
        const system = labelOf(account);
        try {
          return { system, ok: true, detail: (await session.account(account, signal)).caller };
        } catch (error) {
          return { system, ok: false, detail: faultOf(error, { action: 'sts:GetCallerIdentity' }).detail };
        }
      }),
    );
  } finally {
    session.close();
  }
}

/** Of an organisation, the credentials that list its accounts. */
function callersOf(accounts: SessionOptions['accounts']): readonly AccountOption[] {
  if (Array.isArray(accounts)) return accounts as readonly AccountOption[];
  if (typeof accounts === 'string') return [{}];
  const { profile, roleArn } = (accounts as Exclude<typeof accounts, readonly AccountOption[]>).organization;
  return [{ profile, roleArn }];
}
