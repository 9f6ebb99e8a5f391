/** How a call was made: one table of tests over agent, address and session, the first that fits wins. */
import type { Via } from 'drifttrail';

export interface Traces {
  readonly userAgent: string;
  readonly sourceIp: string;
  readonly invokedBy: string;
  readonly identityType: string;
  readonly roleName: string;
  /** `sessionCredentialFromConsole`, which comes as a boolean or as the string "true". */
  readonly consoleSession: boolean;
  readonly eventType: string;
}

type Test = (traces: Traces) => boolean;
const agent =
  (pattern: RegExp): Test =>
  ({ userAgent }) =>
    pattern.test(userAgent);
// In China the names of services end in .cn.
const isService = (host: string) => /\.amazonaws\.com(\.cn)?$/.test(host);
const isCloudFormation = (host: string) => /^cloudformation\.amazonaws\.com(\.cn)?$/.test(host);

/** Both agent and session are chosen by the caller: for display, never for trust. */
const CHANNELS: readonly (readonly [Via, Test])[] = [
  ['cloudformation', ({ userAgent, sourceIp, invokedBy }) => [userAgent, sourceIp, invokedBy].some(isCloudFormation)],
  ['service', ({ identityType, roleName }) => identityType === 'AWSService' || roleName.startsWith('AWSServiceRoleFor')],
  ['opentofu', agent(/OpenTofu/i)],
  ['pulumi', agent(/pulumi/i)],
  ['terraform', agent(/Terraform\/|terraform-provider-aws\//i)],
  ['cdk', agent(/aws-cdk|\bcdk\//i)],
  ['cloudshell', agent(/exec-env\/CloudShell|aws-cloudshell/i)],
  ['console', ({ eventType }) => /^AwsConsole(Action|SignIn)$/i.test(eventType)],
  // A console session with the CLI's or an SDK's agent is a copied credential, not the console.
  ['cli', agent(/aws-cli\/|AWSPowerShell\//i)],
  ['console', ({ consoleSession, userAgent }) => consoleSession && !/Boto3\/|aws-sdk-(go|js|rust|cpp|php|ruby)/i.test(userAgent)],
  ['console', agent(/^\[?(S3Console\/|Mozilla\/5\.0|EC2ConsoleFrontend|aws-internal\/3 aws-sdk-java|AWSConsole|AWS [\w ]*Console\b)/)],
  ['console', agent(/^(signin|console(\.[a-z0-9-]+)?)\.amazonaws\.com(\.cn)?$/)],
  ['service', ({ userAgent, sourceIp, invokedBy }) => [userAgent, sourceIp, invokedBy].some(isService)],
  ['console', ({ userAgent, invokedBy }) => userAgent === 'AWS Internal' || invokedBy === 'AWS Internal'],
  ['sdk', agent(/aws-sdk|Boto3?\/|Botocore\/|exec-env\/|\bsdk-(go|java|js)/i)],
];

export function viaOf(traces: Traces): Via {
  return CHANNELS.find(([, test]) => test(traces))?.[0] ?? 'unknown';
}
