/** What to do about an outlet that did not take a message, by what it said. */
import type { Receipt } from '../model.ts';

/** The first that fits counts. */
const REMEDIES: readonly (readonly [said: RegExp, remedy: string])[] = [
  [/allowPrivate/, 'set allowPrivate: true on this hook if the receiver stands in your own network'],
  [/answered 401|answered 403|\b535\b|\b530\b|credentials|not authenticated/i, 'check its token or password, and what that may do'],
  [/answered 404|answered 410/, 'check its address: nobody is there any more, or it was revoked'],
  [/answered 3\d\d/, 'write the address that it leads to'],
  [/answered 400|answered 422/, 'the receiver refuses what it was sent: check the options of this hook against docs/outlets.md'],
  [/answered 429/, 'the receiver is asked too often; try again later'],
  [/answered 5\d\d/, 'the receiver fails by itself; try again later'],
  [/something else than JSON|something unexpected/, 'check url: another product answers at this address'],
  [
    /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|within \d+ s|ETIMEDOUT|ECONNRESET/,
    'check its address and port, and whether a firewall is between',
  ],
  [/ENOTFOUND|EAI_AGAIN|no such host|cannot be resolved/i, 'check the name of its host, and the name server of this machine'],
  [/certificate|TLS|SSL/i, 'the receiver needs a certificate for the name in its address; ca: names an authority of your own'],
  [/^exit |^killed/, 'run the program by hand as the user who runs drifttrail, with {} on its standard input'],
];
const OTHERWISE = 'check the options of this hook against docs/outlets.md; drifttrail schema lists them';

/** Undefined for what was delivered, and for what says itself what to do. */
export function remedyFor({ status, detail }: Receipt): string | undefined {
  if (status === 'delivered' || detail.startsWith('cannot start ')) return undefined;
  return REMEDIES.find(([said]) => said.test(detail))?.[1] ?? OTHERWISE;
}
