/** AWS's partitions: worlds of their own, each with its regions, its ARNs and one region that answers for global services. */

interface Partition {
  /** The second word of its ARNs. */
  readonly name: string;
  readonly regions: RegExp;
  /** Signs for IAM, and its trail has the events of global services: the SDK's endpoint rules of IAM. */
  readonly globalRegion: string;
}

const AWS: Partition = { name: 'aws', regions: /^/, globalRegion: 'us-east-1' };
const PARTITIONS: readonly Partition[] = [
  { name: 'aws-cn', regions: /^cn-/, globalRegion: 'cn-north-1' },
  { name: 'aws-us-gov', regions: /^us-gov-/, globalRegion: 'us-gov-west-1' },
  { name: 'aws-iso', regions: /^us-iso-/, globalRegion: 'us-iso-east-1' },
  { name: 'aws-iso-b', regions: /^us-isob-/, globalRegion: 'us-isob-east-1' },
  { name: 'aws-iso-e', regions: /^eu-isoe-/, globalRegion: 'eu-isoe-west-1' },
  { name: 'aws-iso-f', regions: /^us-isof-/, globalRegion: 'us-isof-south-1' },
  { name: 'aws-eusc', regions: /^eusc-/, globalRegion: 'eusc-de-east-1' },
  AWS,
];

/** What is no region of a partition known here belongs to `aws`. */
export function partitionOfRegion(region: string): Partition {
  return PARTITIONS.find(({ regions }) => regions.test(region)) ?? AWS;
}

export function partitionOfArn(arn: string): Partition {
  const name = arn.split(':')[1];
  return PARTITIONS.find((partition) => partition.name === name) ?? AWS;
}
