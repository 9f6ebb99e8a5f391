/** What `doctor` says about event histories: one question for one event, to each configured account. */
import type { Probe, ProbeContext } from 'drifttrail';
import { accountsOf, openAccount, type Refused } from '../../exporters/_aws/accounts.ts';
import { faultOf } from '../../exporters/_aws/errors.ts';
import type { SessionOptions } from '../../exporters/_aws/options.ts';
import { openSession } from '../../exporters/_aws/session.ts';
import { isReadable } from './lookup.ts';

const FIX = 'renew the credentials or name others under trail: accounts; the rights that are needed: drifttrail permissions';

/** Never rejects for what AWS answers. */
export async function probeHistories({ options, signal, ...surroundings }: ProbeContext<SessionOptions>): Promise<Probe[]> {
  const session = await openSession(options, surroundings);
  const probes: Probe[] = [];
  const refused: Refused = (system, { detail }) => probes.push({ system, ok: false, detail });
  try {
    for (const option of await accountsOf(session, options, signal, refused)) {
      const account = await openAccount(session, option, signal, refused);
      if (account === undefined) continue;
      const { id, globalRegion: region, caller } = account;
      try {
        await isReadable(account, region, signal);
        probes.push({ system: id, ok: true, detail: `the event history answers ${caller}` });
      } catch (error) {
        refused(id, faultOf(error, { action: 'cloudtrail:LookupEvents', region, caller }));
      }
    }
    // One account of many that does not answer is told of, and the others are read.
    return probes.some(({ ok }) => ok) ? probes : probes.map((probe) => ({ ...probe, fix: FIX }));
  } finally {
    session.close();
  }
}
