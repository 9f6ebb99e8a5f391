/** The columns of an event data store. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-supported-event-schemas.html */
import type { Schema } from '../_query/types.ts';

const ISSUER = 'struct<type:string,principalid:string,arn:string,accountid:string,username:string>';
const SESSION = [
  'attributes:struct<creationdate:timestamp,mfaauthenticated:string>',
  `sessionissuer:${ISSUER}`,
  'webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>',
  'sourceidentity:string,ec2roledelivery:string,ec2issuedinvpc:string',
];
const IDENTITY = [
  'type:string,principalid:string,arn:string,accountid:string,accesskeyid:string,username:string',
  `sessioncontext:struct<${SESSION.join(',')}>`,
  'onbehalfof:struct<userid:string,identitystorearn:string>',
  'invokedby:string,identityprovider:string',
];
const TEXTS = [
  ...['eventversion', 'eventsource', 'eventname', 'awsregion', 'sourceipaddress', 'useragent', 'errorcode', 'errormessage'],
  ...['requestid', 'eventid', 'eventtype', 'apiversion', 'recipientaccountid', 'sharedeventid', 'vpcendpointid', 'eventcategory'],
  ...['sessioncredentialfromconsole', 'eventjson'],
];
const MAPS = ['requestparameters', 'responseelements', 'additionaleventdata', 'serviceeventdetails', 'addendum'];

export const LAKE: Schema = new Map([
  ...TEXTS.map((name) => [name, 'string'] as const),
  ...MAPS.map((name) => [name, 'map<string,string>'] as const),
  ['useridentity', `struct<${IDENTITY.join(',')}>`],
  ['eventtime', 'timestamp'],
  ['readonly', 'boolean'],
  ['managementevent', 'boolean'],
  ['resources', 'array<struct<accountid:string,type:string,arn:string,arnprefix:string>>'],
]);
