/** One change of one kind, that one can make, undo, and ask who made it. */
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { Change } from '../../../src/model.ts';

export type Service = 'ec2' | 'iam';

export interface Stage {
  readonly account: string;
  readonly ec2: EC2Client;
  readonly iam: IAMClient;
}

/** Sets the stage and answers with the change itself, which is made after the first look. */
export type Play = (stage: Stage) => Promise<() => Promise<unknown>>;

/** What does not come back to the byte. */
export interface Exception {
  /** Pointers into the config, `*` for any key, all that is below included; `ec2.address:/tags` for another kind's. */
  readonly paths: readonly string[];
  readonly because: string;
  /** The words with which the endpoint refuses what AWS would do. */
  readonly refusal?: RegExp;
}

export interface Trial extends Expected {
  /** Without `aws.`: `ec2.vpc`. */
  readonly kind: string;
  readonly service: Service;
  readonly type: Change['type'];
  readonly what: string;
  readonly play: Play;
}

export interface Expected {
  /** Nothing can bring it back, and the undo must say so in a note. */
  readonly lost?: Exception;
  /** The endpoint does otherwise than AWS. */
  readonly limit?: Exception;
  /** What a person must tell, as the shell's variables. */
  readonly told?: Readonly<Record<string, string>>;
}

export function trial(kind: string, type: Change['type'], what: string, play: Play, expected: Expected = {}): Trial {
  return { kind, service: kind.startsWith('iam.') ? 'iam' : 'ec2', type, what, play, ...expected };
}

/** An id that an answer must have. */
export function known(value: string | undefined): string {
  if (value === undefined) throw new Error('the answer lacks an id');
  return value;
}
