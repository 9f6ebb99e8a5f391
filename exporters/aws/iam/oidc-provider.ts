/** OpenID Connect identity providers: which outside systems may take roles. */
import { iamKind } from '../definition.ts';
import { defined, differs, entriesOf, membersOf, omit, textOf, textsOf } from '../document.ts';
import { restoreTags, tagArgument, tagsOf } from './principal.ts';

export const oidcProvider = iamKind({
  type: 'oidc-provider',
  title: 'OpenID Connect provider',
  actions: ['ListOpenIDConnectProviders', 'GetOpenIDConnectProvider'],
  list: async (reader) => {
    const providers = await reader.all('ListOpenIDConnectProviders', 'OpenIDConnectProviderList');
    return reader.each(providers, async (provider) => {
      const arn = textOf(provider, 'arn') ?? '';
      const detail = await reader.ask('GetOpenIDConnectProvider', 'Url', { OpenIDConnectProviderArn: arn });
      return {
        id: arn.slice(arn.indexOf(':oidc-provider/') + ':oidc-provider/'.length),
        config: defined({
          arn,
          ...omit(detail, 'clientIDList', 'thumbprintList', 'tags'),
          clientIds: textsOf(detail, 'clientIDList').sort(),
          thumbprints: textsOf(detail, 'thumbprintList').sort(),
          tags: tagsOf(detail),
        }),
      };
    });
  },
  sets: [{ path: '/clientIds' }, { path: '/thumbprints' }],
  undo: {
    created: (cli, _id, after) => [cli('iam delete-open-id-connect-provider', { 'open-id-connect-provider-arn': textOf(after, 'arn') })],
    deleted: (cli, before) => [
      cli('iam create-open-id-connect-provider', {
        url: `https://${(textOf(before, 'url') ?? '').replace(/^https:\/\//, '')}`,
        'client-id-list': textsOf(before, 'clientIds'),
        'thumbprint-list': textsOf(before, 'thumbprints'),
        tags: tagArgument(entriesOf(before, 'tags')),
      }),
    ],
    modified: (cli, change) => {
      const provider = { 'open-id-connect-provider-arn': textOf(change.before, 'arn') };
      const { added, removed } = membersOf(change, '/clientIds');
      return [
        ...added.map(([client]) => cli('iam remove-client-id-from-open-id-connect-provider', { ...provider, 'client-id': client })),
        ...removed.map(([client]) => cli('iam add-client-id-to-open-id-connect-provider', { ...provider, 'client-id': client })),
        ...(differs(change, '/thumbprints')
          ? [
              cli('iam update-open-id-connect-provider-thumbprint', {
                ...provider,
                'thumbprint-list': textsOf(change.before, 'thumbprints'),
              }),
            ]
          : []),
        ...restoreTags(cli, 'open-id-connect-provider', provider, change),
      ];
    },
  },
});
