/** EC2's newer actions in CloudTrail's words: the whole message under `<Action>Request` / `<Action>Response`. */
import type { Json, JsonObject } from '../../../../src/model.ts';
import { isParameterObject, type Parameter, type ParameterObject } from '../query.ts';
import type { Element } from '../xml.ts';
import { typedByLook } from './words.ts';

const NEWER = [
  /^(Create|Delete)NatGateway$/,
  /^(Create|Modify)VpcEndpoint$/,
  /^DeleteVpcEndpoints$/,
  /^(Create|Delete)FlowLogs$/,
  /^(Create|Modify|Delete|Restore)ManagedPrefixList(Version)?$/,
  /^ModifySecurityGroupRules$/,
  /^(Create|Delete)EgressOnlyInternetGateway$/,
  /TransitGateway/,
  /LaunchTemplate/,
  /^(Associate|Disassociate|Replace)IamInstanceProfile/,
  /SerialConsoleAccess$/,
  /^CreateDefaultVpc$/,
];
const REQUEST_NAMES: Readonly<Record<string, string>> = { DeleteTransitGatewayVpcAttachment: 'DelTGwVpcAttachReq' };

export function isWrapped(action: string): boolean {
  return NEWER.some((pattern) => pattern.test(action));
}

export function wrappedRequest(action: string, parameters: ParameterObject): JsonObject {
  const names = Object.keys(parameters);
  return { [REQUEST_NAMES[action] ?? `${action}Request`]: names.length === 0 ? '' : object(parameters) };
}

function object(value: ParameterObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner)]));
}

/** One element is an object, several are an array; each carries its ordinal as `tag`. */
function shape(value: Parameter): Json {
  if (Array.isArray(value)) {
    const items = value.map((one: Parameter, index): Json => {
      return isParameterObject(one) ? { ...object(one), tag: index + 1 } : { content: typedByLook(String(one)), tag: index + 1 };
    });
    return items.length === 1 ? (items[0] ?? '') : items;
  }
  return isParameterObject(value) ? object(value) : typedByLook(String(value));
}

export function wrappedResponse(action: string, root: Element): JsonObject {
  return { [`${action}Response`]: { xmlns: root.attributes.xmlns ?? 'http://ec2.amazonaws.com/doc/2016-11-15/', ...children(root) } };
}

function children(element: Element): JsonObject {
  const found: Record<string, Json[]> = {};
  for (const one of element.children) {
    const list = found[one.name] ?? [];
    list.push(one.children.length > 0 ? children(one) : typedByLook(one.text));
    found[one.name] = list;
  }
  return Object.fromEntries(Object.entries(found).map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]));
}
