/** Customer-managed policies: the document in force, and which versions there are. */
import { type JsonObject, valueAt } from 'drifttrail';
import { canonicalPolicy } from '../../_aws/policy.ts';
import { type Item, iamKind, type Reader } from '../definition.ts';
import { defined, differs, entriesOf, keyed, objectsOf, omit, textOf } from '../document.ts';
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
    deleted: (cli, before) => [
      cli('iam create-policy', {
        'policy-name': textOf(before, 'policyName'),
        path: textOf(before, 'path'),
        description: textOf(before, 'description'),
        'policy-document': { json: valueAt(before, '/document') ?? {} },
        tags: tagArgument(entriesOf(before, 'tags')),
      }),
    ],
    modified: (cli, change) => {
      const arn = { 'policy-arn': textOf(change.before, 'arn') };
      const [was, is] = [textOf(change.before, 'defaultVersionId'), textOf(change.after, 'defaultVersionId')];
      const stillThere = entriesOf(change.after, 'versions').some(([version]) => version === was);
      const document = differs(change, '/document');
      return [
        ...(was !== is && stillThere ? [cli('iam set-default-policy-version', { ...arn, 'version-id': was })] : []),
        // The old version is gone: its document becomes a new one.
        ...(document && !(was !== is && stillThere)
          ? [
              cli('iam create-policy-version', {
                ...arn,
                'policy-document': { json: valueAt(change.before, '/document') ?? {} },
                'set-as-default': true,
              }),
            ]
          : []),
        ...restoreTags(cli, 'policy', arn, change),
      ];
    },
  },
});
