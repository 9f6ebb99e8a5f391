/** SAML identity providers: who may vouch for our people. */
import { iamKind } from '../definition.ts';
import { defined, differs, textOf } from '../document.ts';
import { tagsOf } from './principal.ts';

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
          createDate: detail.createDate,
          validUntil: detail.validUntil,
          metadataDocument: detail.sAMLMetadataDocument,
          tags: tagsOf(detail),
        }),
      };
    });
  },
  undo: {
    created: (cli, _id, after) => [cli('iam delete-saml-provider', { 'saml-provider-arn': textOf(after, 'arn') })],
    deleted: (cli, before, id) => [
      cli('iam create-saml-provider', { name: id, 'saml-metadata-document': textOf(before, 'metadataDocument') }),
    ],
    modified: (cli, change) =>
      differs(change, '/metadataDocument')
        ? [
            cli('iam update-saml-provider', {
              'saml-provider-arn': textOf(change.before, 'arn'),
              'saml-metadata-document': textOf(change.before, 'metadataDocument'),
            }),
          ]
        : [],
  },
});
