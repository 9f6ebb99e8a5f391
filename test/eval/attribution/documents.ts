/** Normalised documents by resource, as a snapshot has them. */
import type { Json, JsonObject, Ref } from '../../../src/model.ts';

export interface Document {
  readonly ref: Ref;
  readonly config: Json;
  /** What is stored. */
  readonly bytes: Uint8Array;
}
/** By scope, kind and id. */
export type Documents = ReadonlyMap<string, Document>;

export function keyOf({ scope, kind, id }: Ref): string {
  return `${scope} ${kind} ${id}`;
}

/** Where a call's effects stand. */
export function placeOf(record: JsonObject): { readonly account: string; readonly region: string; readonly scope: string } {
  const account = String(record.recipientAccountId);
  const region = record.eventSource === 'iam.amazonaws.com' ? 'global' : String(record.awsRegion);
  return { account, region, scope: `aws/${account}/${region}` };
}
