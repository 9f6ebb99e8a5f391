/** A played round by hand: states of documents one after the other, each with the call that led there. */
import { traceOf, type Trace, changesBetween } from './truth.ts';
import { type Documents, keyOf } from './documents.ts';
import type { Change, Json, JsonObject, Ref } from '../../../src/model.ts';

export const SCOPE = 'aws/111122223333/eu-west-1';
export const ref = (id: string, kind = 'aws.ec2.route-table'): Ref => ({ scope: SCOPE, kind, id });
export const pathOf = ({ scope, kind, id }: Ref): string => `${scope}/${kind}/${id}`;

/** Documents by id; a kind of its own where it matters. */
export type State = Readonly<Record<string, Json>>;

export interface Step {
  readonly who: string;
  readonly state: State;
  /** The endpoint said no. */
  readonly refused?: boolean;
  /** Seconds after the first call. */
  readonly second?: number;
  readonly name?: string;
}

export function documents(state: State, kind?: string): Documents {
  return new Map(
    Object.entries(state).map(([id, config]) => [keyOf(ref(id, kind)), { ref: ref(id, kind), config, bytes: new Uint8Array() }]),
  );
}

export interface History {
  readonly traces: readonly Trace[];
  readonly net: readonly Change[];
}

export function history(start: State, steps: readonly Step[], kind?: string): History {
  let current = documents(start, kind);
  const traces = steps.map(({ who, state, refused = false, second = 0, name }, index) => {
    const next = documents(state, kind);
    const record: JsonObject = {
      eventID: `e${index + 1}`,
      eventName: name ?? `Call${index + 1}`,
      eventSource: 'ec2.amazonaws.com',
      eventTime: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
      ...(refused ? { errorCode: 'Client.DependencyViolation' } : {}),
    };
    const trace = traceOf({ record, act: `act${index + 1}`, who }, changesBetween(current, next, pathOf));
    current = next;
    return trace;
  });
  return { traces, net: changesBetween(documents(start, kind), current, pathOf) };
}
