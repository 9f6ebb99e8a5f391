/** Which trail tells of a scope. */

/** Whose trail has the events of global services; an account is in one partition of AWS, so that its trail is one of these. */
const GLOBAL_REGIONS = [
  'us-east-1',
  'cn-north-1',
  'us-gov-west-1',
  'us-iso-east-1',
  'us-isob-east-1',
  'eu-isoe-west-1',
  'us-isof-south-1',
  'eusc-de-east-1',
];

/** Global services write to the trail of one region only: us-east-1, but in partitions of their own. */
export function recordedIn(scope: string): { account: string; region: string }[] {
  const [, account = '', region = ''] = scope.split('/');
  return (region === 'global' ? GLOBAL_REGIONS : [region]).map((name) => ({ account, region: name }));
}
