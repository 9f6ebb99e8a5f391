/** Every page of a listing, or an error: a page that is missing or comes twice must never pass for the end. */
import { isObject, type JsonObject } from 'drifttrail';
import type { AwsRequest, Send } from './api.ts';
import { camelObject, lowerFirst } from './camel.ts';
import { AnswerError } from './errors.ts';

/** More pages than any account has; a service that never ends its listing must not hold us for ever. */
const MAX_PAGES = 10_000;

// Names of the token in the request, by service; the answer has the same name, but for S3.
const TOKENS = {
  ec2: 'NextToken',
  iam: 'Marker',
  sts: 'NextToken',
  cloudtrail: 'NextToken',
  organizations: 'NextToken',
  s3: 'ContinuationToken',
  sqs: 'NextToken',
  athena: 'NextToken',
} as const;
const ANSWER_TOKENS = { ...TOKENS, s3: 'NextContinuationToken' } as const;

/**
 * The items of all pages, as plain JSON. `field` is the answer's list in PascalCase.
 * Throws AnswerError when a page lacks the list, repeats a token or announces a page without saying where.
 */
export async function listAll(send: Send, request: AwsRequest, field: string, signal: AbortSignal): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  for await (const page of pages(send, request, signal)) {
    const items = page[lowerFirst(field)];
    if (!Array.isArray(items)) throw new AnswerError('invalid', `the answer has no ${field}`);
    for (const item of items) {
      if (!isObject(item)) throw new AnswerError('invalid', `an item of ${field} is no object`);
      found.push(item);
    }
  }
  return found;
}

/** The pages themselves, for answers with more than one list. */
export async function* pages(send: Send, request: AwsRequest, signal: AbortSignal): AsyncGenerator<JsonObject> {
  const seen = new Set<string>();
  let token: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const input = token === undefined ? request.input : { ...request.input, [TOKENS[request.service]]: token };
    const answer = await send({ ...request, input }, signal);
    const next = answer[ANSWER_TOKENS[request.service]];
    // SearchTransitGatewayRoutes says it in its own words.
    const truncated = answer.IsTruncated === true || answer.AdditionalRoutesAvailable === true;
    yield camelObject(answer);
    if (next === undefined || next === null || next === '' || (request.service === 'iam' && answer.IsTruncated === false)) {
      if (truncated) throw new AnswerError('truncated', 'the answer is cut off and names no next page');
      return;
    }
    if (typeof next !== 'string') throw new AnswerError('invalid', 'the token of the next page is no text');
    if (seen.has(next)) throw new AnswerError('truncated', 'the token of the next page came twice');
    seen.add(next);
    token = next;
  }
  throw new AnswerError('truncated', `more than ${MAX_PAGES} pages`);
}
