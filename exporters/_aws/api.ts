/** The seam between drifttrail and AWS: one function that sends one request; real, recorded and faulty ones look alike. */
import type { JsonObject } from 'drifttrail';

export type Service = 'ec2' | 'iam' | 'sts' | 'cloudtrail' | 's3' | 'organizations' | 'sqs' | 'athena';

export interface AwsRequest {
  readonly service: Service;
  /** The API action, such as `DescribeRouteTables`. */
  readonly operation: string;
  readonly input: JsonObject;
  /** A region; for global services the one that answers (`us-east-1`, in other partitions another). */
  readonly region: string;
}

/** The answer as the SDK gives it: PascalCase fields and Dates. Rejects with the SDK's errors. */
export type Answer = Readonly<Record<string, unknown>>;
export type Send = (request: AwsRequest, signal: AbortSignal) => Promise<Answer>;

/** An account that answered: who we are there and how to ask it. */
export interface Account {
  /** 12 digits. */
  readonly id: string;
  /** The ARN that our calls are made as. */
  readonly caller: string;
  /** Answers for global services, and its trail has their events. */
  readonly globalRegion: string;
  readonly send: Send;
}
