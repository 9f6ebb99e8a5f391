/** SAML identity providers: who may vouch for our people. */
import type { Json } from 'drifttrail';
import { note } from '../../_shell/words.ts';
import { iamKind } from '../definition.ts';
import { defined, differs, entriesOf, omit, textOf } from '../document.ts';
import { restoreTags, tagArgument, tagsOf } from './principal.ts';

/** No argument of a shell can end in a line break that a command prints. */
function lastBreak(config: Json | undefined): string[] {
  return textOf(config, 'metadataDocument')?.endsWith('\n') === true ? [note('the line break at the end of the metadata is left out')] : [];
}

export const samlProvider = iamKind({
  type: 'saml-provider',
  title: 'SAML provider',
  actions: ['ListSAMLProviders', 'GetSAMLProvider'],
  list: async (reader) => {
    const providers = await reader.all('ListSAMLProviders', 'SAMLProviderList');
    return reader.each(providers, async (provider) => {
      const arn = textOf(provider, 'arn') ?? '';
      const detail = await reader.ask('GetSAMLProvider', 'SAMLMetadataDocument', { SAMLProviderArn: arn });
      return {
        id: arn.slice(arn.indexOf(':saml-provider/') + ':saml-provider/'.length),
        config: defined({
          arn,
          ...omit(detail, 'sAMLMetadataDocument', 'tags'),
          metadataDocument: detail.sAMLMetadataDocument,
          tags: tagsOf(detail),
        }),
      };
    });
  },
  sets: [{ path: '/privateKeyList', key: ['keyId'] }],
  undo: {
    created: (cli, _id, after) => [cli('iam delete-saml-provider', { 'saml-provider-arn': textOf(after, 'arn') })],
    deleted: (cli, before, id) => [
      cli('iam create-saml-provider', {
        name: id,
        'saml-metadata-document': textOf(before, 'metadataDocument'),
        tags: tagArgument(entriesOf(before, 'tags')),
      }),
      ...lastBreak(before),
    ],
    modified: (cli, change) => {
      const arn = { 'saml-provider-arn': textOf(change.before, 'arn') };
      const document = { 'saml-metadata-document': textOf(change.before, 'metadataDocument') };
      return [
        ...(differs(change, '/metadataDocument')
          ? [cli('iam update-saml-provider', { ...arn, ...document }), ...lastBreak(change.before)]
          : []),
        ...restoreTags(cli, 'saml-provider', arn, change),
      ];
    },
  },
});
