/** Flow logs. */
import { isObject, type Json, type JsonObject } from 'drifttrail';
import type { Argument } from '../../_aws/cli.ts';
import { ec2Kind } from '../definition.ts';
import { defined, fieldOf, omit, textOf } from '../document.ts';

/** `vpc-…` → VPC: the API wants to be told what it could see. */
function resourceType(id: string | undefined): string {
  if (id?.startsWith('subnet-')) return 'Subnet';
  if (id?.startsWith('eni-')) return 'NetworkInterface';
  if (id?.startsWith('tgw-attach-')) return 'TransitGatewayAttachment';
  return id?.startsWith('tgw-') ? 'TransitGateway' : 'VPC';
}

function destinationOptions(config: Json): Argument {
  const options = fieldOf(config, 'destinationOptions');
  if (!isObject(options)) return undefined;
  const { fileFormat, hiveCompatiblePartitions, perHourPartition } = options;
  return {
    json: defined({ FileFormat: fileFormat, HiveCompatiblePartitions: hiveCompatiblePartitions, PerHourPartition: perHourPartition }),
  };
}

/**
 * How the latest delivery went. Nothing yet, success, and a throttled log group follow each other by themselves
 * ("Rate limited"); "Access error" lasts until somebody mends the role and is what a reader must see.
 */
function isPassing(item: JsonObject): boolean {
  return item.deliverLogsErrorMessage !== 'Access error';
}

export const flowLog = ec2Kind({
  type: 'flow-log',
  title: 'flow log',
  operation: 'DescribeFlowLogs',
  items: 'FlowLogs',
  input: { MaxResults: 1000 },
  id: 'flowLogId',
  shape: (item) => (isPassing(item) ? omit(item, 'deliverLogsStatus', 'deliverLogsErrorMessage') : item),
  sets: [{ path: '/tagFieldSpecifications' }],
  undo: {
    created: (cli, id) => [cli('ec2 delete-flow-logs', { 'flow-log-ids': id })],
    deleted: (cli, before) => {
      const interval = fieldOf(before, 'maxAggregationInterval');
      return [
        cli.capture(
          cli('ec2 create-flow-logs', {
            'resource-ids': textOf(before, 'resourceId'),
            'resource-type': resourceType(textOf(before, 'resourceId')),
            'traffic-type': textOf(before, 'trafficType'),
            'log-destination-type': textOf(before, 'logDestinationType'),
            'log-destination': textOf(before, 'logDestination'),
            'log-group-name': textOf(before, 'logDestination') === undefined ? textOf(before, 'logGroupName') : undefined,
            'deliver-logs-permission-arn': textOf(before, 'deliverLogsPermissionArn'),
            'deliver-cross-account-role': textOf(before, 'deliverCrossAccountRole'),
            'destination-options': destinationOptions(before),
            'log-format': textOf(before, 'logFormat'),
            'max-aggregation-interval': typeof interval === 'number' ? interval : undefined,
          }),
          'FlowLogIds[0]',
        ),
      ];
    },
  },
});
