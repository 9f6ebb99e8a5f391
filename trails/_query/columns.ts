/** The columns that make a record again, of whatever a table of CloudTrail's records has. */
import { fieldsOf, type Schema, typeAt } from './types.ts';

export interface Column {
  readonly sql: string;
  /** Where in the record it belongs, with dots; '' for the whole record. */
  readonly path: string;
  readonly form: 'text' | 'json' | 'map' | 'resources';
  /** For resources, whose items some engines print as lists: the names of their parts. */
  readonly parts?: readonly string[];
}

const IDENTITY = ['type', 'principalId', 'arn', 'accountId', 'accessKeyId', 'userName', 'invokedBy', 'identityProvider'];
const ISSUER = ['type', 'principalId', 'arn', 'accountId', 'userName'];
const SESSION = [
  'sourceIdentity',
  'ec2RoleDelivery',
  'attributes.creationDate',
  'attributes.mfaAuthenticated',
  'webIdFederationData.federatedProvider',
];
/** As records spell them; tables spell them in lower case. */
const SCALARS = [
  ...['eventVersion', 'eventTime', 'eventSource', 'eventName', 'awsRegion', 'sourceIPAddress', 'userAgent', 'errorCode', 'errorMessage'],
  ...['requestID', 'eventID', 'readOnly', 'eventType', 'apiVersion', 'managementEvent', 'eventCategory', 'recipientAccountId'],
  ...['sharedEventID', 'vpcEndpointId', 'sessionCredentialFromConsole', 'addendum.reason'],
  ...IDENTITY.map((name) => `userIdentity.${name}`),
  ...['onBehalfOf.userId', 'onBehalfOf.identityStoreArn'].map((name) => `userIdentity.${name}`),
  ...SESSION.map((name) => `userIdentity.sessionContext.${name}`),
  ...ISSUER.map((name) => `userIdentity.sessionContext.sessionIssuer.${name}`),
];
const DOCUMENTS = ['requestParameters', 'responseElements', 'additionalEventData', 'serviceEventDetails', 'addendum'];

export type Quote = (name: string) => string;

/** What `schema` lacks is left out. */
export function recordColumns(schema: Schema, quote: Quote): Column[] {
  const resources = typeAt(schema, ['resources']);
  return [
    ...SCALARS.flatMap((path) => scalar(path, schema, quote)),
    ...DOCUMENTS.flatMap((path) => document(path, schema, quote)),
    ...(resources === undefined
      ? []
      : [
          {
            ...asJson(quote('resources')),
            path: 'resources',
            form: 'resources',
            parts: fieldsOf(resources).map(([name]) => name),
          } as const,
        ]),
  ];
}

function scalar(path: string, schema: Schema, quote: Quote): Column[] {
  const names = path.toLowerCase().split('.');
  const type = typeAt(schema, names);
  if (type === undefined || /[<(]/.test(type)) return [];
  const sql = names.map(quote).join('.');
  return [{ sql: isText(type) ? sql : `CAST(${sql} AS varchar)`, path, form: 'text' }];
}

/** JSON in a string as the files have it, or a map of strings, in which only the first level is apart. */
function document(path: string, schema: Schema, quote: Quote): Column[] {
  const type = typeAt(schema, [path.toLowerCase()]);
  const sql = quote(path.toLowerCase());
  if (type !== undefined && isText(type)) return [{ sql, path, form: 'json' }];
  return type?.startsWith('map') === true ? [{ ...asJson(sql), path, form: 'map' }] : [];
}

const asJson = (sql: string) => ({ sql: `json_format(CAST(${sql} AS json))` });

export function isText(type: string): boolean {
  return /^(string|varchar|char)/.test(type);
}
