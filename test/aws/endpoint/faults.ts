/** Makes the AWS of the tests misbehave, for one account, region and action at a time. */
import type { Answer } from './record.ts';

export type FaultType = 'throttle' | 'denied' | 'fail-page-2' | 'malformed' | 'hang' | 'empty' | 'unavailable';

/** What is left out means any. */
export interface Fault {
  readonly fault: FaultType;
  readonly account?: string;
  readonly region?: string;
  readonly action?: string;
  /** Only calls that write. */
  readonly writes?: boolean;
  /** How many calls it hits; all unless told. */
  readonly times?: number;
}

export interface FaultTarget {
  readonly account: string;
  readonly region: string;
  readonly service: string;
  readonly action: string;
  readonly write: boolean;
  /** The call asks for a page after the first. */
  readonly later: boolean;
}

export interface Faults {
  /** Returns what ends the fault. */
  readonly add: (fault: Fault) => () => void;
  readonly clear: () => void;
  readonly hit: (target: FaultTarget) => FaultType | undefined;
}

export function createFaults(): Faults {
  const active = new Map<Fault, number>();
  return {
    add: (fault) => {
      active.set(fault, fault.times ?? Number.POSITIVE_INFINITY);
      return () => active.delete(fault);
    },
    clear: () => active.clear(),
    hit: (target) => {
      for (const [fault, left] of active) {
        const fits =
          (fault.account ?? target.account) === target.account &&
          (fault.region ?? target.region) === target.region &&
          (fault.action ?? target.action) === target.action &&
          (fault.writes !== true || target.write) &&
          (fault.fault !== 'fail-page-2' || target.later);
        if (!fits) continue;
        if (left <= 1) active.delete(fault);
        else active.set(fault, left - 1);
        return fault.fault;
      }
      return undefined;
    },
  };
}

/** The answer in the words of the service. `hang` and `empty` have none. */
export function faultAnswer(fault: FaultType, target: FaultTarget, who: string): Answer {
  const { service, action } = target;
  if (fault === 'malformed') return { status: 200, body: `<?xml version="1.0"?><${action}Response><cut` };
  if (fault === 'unavailable' || fault === 'fail-page-2')
    return failure(service, 503, service === 'ec2' ? 'Unavailable' : 'ServiceUnavailable', 'The service is unavailable.');
  if (fault === 'throttle') {
    return failure(service, service === 'ec2' ? 503 : 400, service === 'ec2' ? 'RequestLimitExceeded' : 'Throttling', 'Rate exceeded');
  }
  const message = `User: ${who} is not authorized to perform: ${service}:${action} because no identity-based policy allows the ${service}:${action} action`;
  return failure(service, 403, service === 'ec2' ? 'UnauthorizedOperation' : 'AccessDenied', message);
}

export function failure(service: string, status: number, code: string, message: string): Answer {
  const error = `<Code>${code}</Code><Message>${message}</Message>`;
  const request = '00000000-0000-4000-a000-000000000000';
  if (service === 'ec2') {
    return {
      status,
      body: `<?xml version="1.0"?><Response><Errors><Error>${error}</Error></Errors><RequestID>${request}</RequestID></Response>`,
    };
  }
  return {
    status,
    body: `<?xml version="1.0"?><ErrorResponse><Error><Type>Sender</Type>${error}</Error><RequestId>${request}</RequestId></ErrorResponse>`,
  };
}
