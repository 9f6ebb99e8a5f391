/** IAM and STS in CloudTrail's words: lowerCamel, plain lists, policies as text, dates spelled out, secrets left out. */
import type { Json, JsonObject } from '../../../../src/model.ts';
import { isParameterObject, type Parameter, type ParameterObject } from '../query.ts';
import type { Element } from '../xml.ts';
import { longDate, lowerFirst, typedByName } from './words.ts';

const SECRET_PARAMETERS = new Set(['Password', 'NewPassword', 'OldPassword', 'AuthenticationCode1', 'AuthenticationCode2']);
const SECRET_ANSWERS = new Set(['SecretAccessKey', 'Base32StringSeed', 'QRCodePNG', 'PackedPolicySize']);
const ALWAYS_TEXT = new Set(['key', 'value', 'policyDocument', 'assumeRolePolicyDocument']);

export function iamRequest(parameters: ParameterObject): JsonObject | null {
  const found = object(parameters);
  return Object.keys(found).length === 0 ? null : found;
}

function object(value: ParameterObject): JsonObject {
  const entries = Object.entries(value).filter(([name]) => !SECRET_PARAMETERS.has(name));
  return Object.fromEntries(entries.map(([name, inner]) => [lowerFirst(name), shape(lowerFirst(name), inner)]));
}

function shape(name: string, value: Parameter): Json {
  if (Array.isArray(value)) return value.map((one: Parameter) => shape(name, one));
  if (isParameterObject(value)) return object(value);
  return ALWAYS_TEXT.has(name) ? String(value) : typedByName(name, String(value));
}

/** Null for the many actions that answer with nothing but a request id. */
export function iamResponse(root: Element): JsonObject | null {
  const result = root.children.find((one) => one.name.endsWith('Result'));
  const found = result === undefined ? {} : children(result);
  return Object.keys(found).length === 0 ? null : found;
}

function children(element: Element): JsonObject {
  const kept = element.children.filter((one) => !SECRET_ANSWERS.has(one.name) && (one.children.length > 0 || one.text !== ''));
  return Object.fromEntries(kept.map((one) => [lowerFirst(one.name), content(one)]));
}

function content(element: Element): Json {
  if (element.children.length === 0) return scalar(lowerFirst(element.name), element.text);
  if (element.children.every((one) => one.name === 'member')) {
    return element.children.map((one) => (one.children.length === 0 ? one.text : children(one)));
  }
  return children(element);
}

function scalar(name: string, text: string): Json {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text)) return longDate(text);
  return ALWAYS_TEXT.has(name) ? text : typedByName(name, text);
}
