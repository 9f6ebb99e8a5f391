/** Customer-managed policies: the document in force, and which versions there are. */
import { type Change, type JsonObject, valueAt } from 'drifttrail';
import type { Argument, Cli } from '../../_aws/cli.ts';
import { canonicalPolicy } from '../../_aws/policy.ts';
import { note } from '../../_shell/words.ts';
import { type Item, iamKind, type Reader } from '../definition.ts';
import { defined, entriesOf, keyed, membersOf, objectsOf, omit, textOf } from '../document.ts';
import { restoreTags, tagArgument, tagsOf } from './principal.ts';

/** Path and name: what stands after `:policy/`. */
export function policyId(arn: string): string {
  return arn.slice(arn.indexOf(':policy/') + ':policy/'.length);
}

/** Standing with those who hold the policy, or told by its newest version. */
export const ELSEWHERE = ['attachmentCount', 'permissionsBoundaryUsageCount', 'policyVersionList', 'tags', 'updateDate'];

async function policyOf(detail: JsonObject, reader: Reader): Promise<Item> {
  const arn = textOf(detail, 'arn') ?? '';
  const tags = await reader.all('ListPolicyTags', 'Tags', { PolicyArn: arn });
  const versions = objectsOf(detail, 'policyVersionList');
  const inForce = versions.find((version) => version.versionId === detail.defaultVersionId);
  return {
    id: policyId(arn),
    config: defined({
      ...omit(detail, ...ELSEWHERE),
      document: canonicalPolicy(inForce?.document ?? ''),
      versions: keyed(versions, 'versionId', 'document', 'isDefaultVersion'),
      tags: tagsOf({ tags }),
    }),
  };
}

const OTHER_VERSIONS = note('of versions that were not in force no document is kept: they cannot be brought back');

export const policy = iamKind({
  type: 'policy',
  title: 'IAM policy',
  plural: 'IAM policies',
  actions: ['GetAccountAuthorizationDetails', 'ListPolicyTags'],
  list: async (reader) => {
    const details = await reader.all('GetAccountAuthorizationDetails', 'Policies', { Filter: ['LocalManagedPolicy'], MaxItems: 1000 });
    return reader.each(details, (detail) => policyOf(detail, reader));
  },
  undo: {
    created: (cli, _id, after) => {
      const arn = { 'policy-arn': textOf(after, 'arn') };
      const inForce = textOf(after, 'defaultVersionId');
      return [
        ...entriesOf(after, 'versions')
          .filter(([version]) => version !== inForce)
          .map(([version]) => cli('iam delete-policy-version', { ...arn, 'version-id': version })),
        cli('iam delete-policy', arn),
      ];
    },
    deleted: (cli, before, id) => [
      cli('iam create-policy', {
        'policy-name': textOf(before, 'policyName') ?? id.split('/').at(-1),
        path: textOf(before, 'path'),
        description: textOf(before, 'description'),
        'policy-document': { json: valueAt(before, '/document') ?? {} },
        tags: tagArgument(entriesOf(before, 'tags')),
      }),
      ...(entriesOf(before, 'versions').length > 1 ? [OTHER_VERSIONS] : []),
    ],
    anew: 'to whom it was attached is told by the users, groups and roles',
    modified: (cli, change) => {
      const arn = { 'policy-arn': textOf(change.before, 'arn') };
      return [...restoreVersion(cli, arn, change), ...restoreTags(cli, 'policy', arn, change)];
    },
  },
});

/** The version of before in force again, and none that was added since. */
function restoreVersion(cli: Cli, arn: Readonly<Record<string, Argument>>, change: Change): string[] {
  const [was, is] = [textOf(change.before, 'defaultVersionId'), textOf(change.after, 'defaultVersionId')];
  const versions = membersOf(change, '/versions');
  const isGone = versions.removed.some(([version]) => version === was);
  const document = { json: valueAt(change.before, '/document') ?? {} };
  return [
    ...(was !== is && !isGone ? [cli('iam set-default-policy-version', { ...arn, 'version-id': was })] : []),
    // The old version is gone: its document becomes a new one.
    ...(isGone ? [cli('iam create-policy-version', { ...arn, 'policy-document': document, 'set-as-default': true })] : []),
    ...versions.added.map(([version]) => cli('iam delete-policy-version', { ...arn, 'version-id': version })),
    ...(isGone ? [note('the number of the version counts on')] : []),
    ...(versions.removed.some(([version]) => version !== was) ? [OTHER_VERSIONS] : []),
  ];
}
