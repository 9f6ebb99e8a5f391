/** Security groups, with their rules as DescribeSecurityGroupRules has them: one by one, with ids. */
import { type JsonObject, pointer } from 'drifttrail';
import type { Argument, Cli } from '../../_aws/cli.ts';
import { note } from '../../_shell/words.ts';
import { ec2Kind, type Reader, restoreTags } from '../definition.ts';
import { entriesOf, fieldOf, membersOf, omit, textOf } from '../document.ts';
import { descriptionOf, ipPermission, parseRuleKey, ruleEntry } from './security-group-rules.ts';

async function withRules(groups: readonly JsonObject[], reader: Reader): Promise<JsonObject[]> {
  if (groups.length === 0) return [];
  const byGroup = new Map<string | undefined, JsonObject[]>();
  for (const rule of await reader.all('DescribeSecurityGroupRules', 'SecurityGroupRules', { MaxResults: 1000 })) {
    const group = textOf(rule, 'groupId');
    const rules = byGroup.get(group);
    if (rules) rules.push(rule);
    else byGroup.set(group, [rule]);
  }
  return groups.map((group) => {
    const owner = textOf(group, 'ownerId');
    const rules = (byGroup.get(textOf(group, 'groupId')) ?? []).map((rule) => ruleEntry(rule, owner));
    return { ...omit(group, 'ipPermissions', 'ipPermissionsEgress'), rules: Object.fromEntries(rules) };
  });
}

function authorize(cli: Cli, group: Argument, key: string, value: Parameters<typeof ipPermission>[1]): string {
  const { direction } = parseRuleKey(key);
  const tags = entriesOf(value, 'tags').map(([Key, Value]) => ({ Key, Value }));
  return cli(`ec2 authorize-security-group-${direction}`, {
    'group-id': group,
    'ip-permissions': { json: [ipPermission(key, value)] },
    'tag-specifications': tags.length === 0 ? undefined : { json: [{ ResourceType: 'security-group-rule', Tags: tags }] },
  });
}

export const securityGroup = ec2Kind({
  type: 'security-group',
  title: 'security group',
  operation: 'DescribeSecurityGroups',
  items: 'SecurityGroups',
  input: { MaxResults: 1000 },
  id: 'groupId',
  also: ['DescribeSecurityGroupRules'],
  prepare: withRules,
  secondaryIds: (config) =>
    Object.fromEntries(
      entriesOf(config, 'rules').flatMap(([key, value]) => {
        const id = textOf(value, 'securityGroupRuleId');
        return id === undefined ? [] : [[id, pointer('rules', key)]];
      }),
    ),
  undo: {
    created: (cli, id) => [cli('ec2 delete-security-group', { 'group-id': id })],
    deleted: (cli, before) => {
      if (textOf(before, 'groupName') === 'default')
        return [note('a default security group comes back with its VPC, with the rules of a new one')];
      return [
        cli.capture(
          cli('ec2 create-security-group', {
            'group-name': textOf(before, 'groupName'),
            description: textOf(before, 'description'),
            'vpc-id': textOf(before, 'vpcId'),
          }),
          'GroupId',
        ),
        // A new group comes with this rule.
        ...(entriesOf(before, 'rules').some(([key]) => key === 'egress all all 0.0.0.0/0')
          ? []
          : [
              cli('ec2 revoke-security-group-egress', {
                'group-id': cli.newId,
                'ip-permissions': { json: [ipPermission('egress all all 0.0.0.0/0', {})] },
              }),
            ]),
        ...entriesOf(before, 'rules')
          .filter(([key]) => key !== 'egress all all 0.0.0.0/0')
          .map(([key, value]) => authorize(cli, cli.newId, key, value)),
      ];
    },
    modified: (cli, change) => {
      const { added, removed, changed } = membersOf(change, '/rules');
      return [
        ...added.map(([key, value]) =>
          cli(`ec2 revoke-security-group-${parseRuleKey(key).direction}`, {
            'group-id': change.ref.id,
            'security-group-rule-ids': textOf(value, 'securityGroupRuleId'),
          }),
        ),
        ...removed.map(([key, value]) => authorize(cli, change.ref.id, key, value)),
        ...changed
          .filter(({ before, after }) => descriptionOf(before) !== descriptionOf(after))
          .map(({ key, before }) =>
            cli(`ec2 update-security-group-rule-descriptions-${parseRuleKey(key).direction}`, {
              'group-id': change.ref.id,
              'ip-permissions': { json: [ipPermission(key, { description: descriptionOf(before) })] },
            }),
          ),
        ...changed.flatMap(({ before, after }) =>
          restoreTags(cli, textOf(after, 'securityGroupRuleId'), fieldOf(before, 'tags'), fieldOf(after, 'tags')),
        ),
      ];
    },
  },
});
