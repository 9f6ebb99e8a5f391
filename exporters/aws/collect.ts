/** Reads every kind in every account and region: in parallel, within a deadline, and a failure stays where it happened. */
import { setMaxListeners } from 'node:events';
import type { CollectContext, JsonObject, Resource } from 'drifttrail';
import pLimit, { type LimitFunction } from 'p-limit';
import { accountsOf, openAccount, type Refused } from '../_aws/accounts.ts';
import type { Account, Answer, AwsRequest } from '../_aws/api.ts';
import { camelObject, plainObject } from '../_aws/camel.ts';
import { gathered } from '../_shared/channel.ts';
import { AnswerError, type Fault, faultOf, isMissing } from '../_aws/errors.ts';
import type { AccountOption } from '../_aws/options.ts';
import { listAll } from '../_aws/paginate.ts';
import { openSession, regionsOf } from '../_aws/session.ts';
import { type AwsKind, nameOf, type Reader, refOf } from './definition.ts';
import type { Options } from './options.ts';

/** Kinds of one scope, and item calls of one kind, that are asked for at the same time. */
const KINDS_AT_ONCE = 4;
const ITEMS_AT_ONCE = 8;
/** Accounts that are asked who they are at the same time. */
const ACCOUNTS_AT_ONCE = 32;

/** Stands in for the regions of an account whose regions, or number, could not be learnt. */
export const UNKNOWN_REGIONS = 'all-regions';

type Context = CollectContext<Options>;
type Emit = (resources: readonly Resource[]) => void;

/** `open` is told by tests that put faults between us and the answers. */
export async function* collectAws(context: Context, kinds: readonly AwsKind[], open = openSession): AsyncGenerator<Resource> {
  const session = await open(context.options, context);
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const atOnce = pLimit(context.options.concurrency);
  const opening = pLimit(ACCOUNTS_AT_ONCE);
  const inside = { ...context, signal };
  const refused: Refused = (who, fault) => context.gap({ scope: `aws/${who.replaceAll('/', '_')}/${UNKNOWN_REGIONS}`, ...fault });
  const read = async (option: AccountOption, emit: Emit) => {
    const { account, deadline } = await opening(async () => {
      const deadline = withDeadline(inside);
      return { deadline, account: await openAccount(session, option, deadline, refused) };
    });
    if (account !== undefined) await collectAccount(inside, account, deadline, kinds, atOnce, emit);
  };
  try {
    yield* gathered<Resource>(async (emit) => {
      const options = await accountsOf(session, context.options, withDeadline(inside), refused);
      await Promise.all(options.map((option) => read(option, emit)));
    });
  } finally {
    stop.abort();
    session.close();
  }
}

async function collectAccount(
  context: Context,
  account: Account,
  signal: AbortSignal,
  kinds: readonly AwsKind[],
  atOnce: LimitFunction,
  emit: Emit,
): Promise<void> {
  const read = (region: string, service: AwsKind['service']) =>
    atOnce(() =>
      collectScope(
        context,
        account,
        region,
        kinds.filter((kind) => kind.service === service),
        emit,
      ),
    );
  const regions = regionsOf(account, context.options.regions, signal).catch((error: unknown) => {
    const fault = faultOf(error, { action: 'ec2:DescribeRegions', region: account.globalRegion, caller: account.caller });
    context.gap({ scope: `aws/${account.id}/${UNKNOWN_REGIONS}`, ...fault });
    return [];
  });
  await Promise.all([read('global', 'iam'), regions.then((names) => Promise.all(names.map((name) => read(name, 'ec2'))))]);
}

async function collectScope(context: Context, account: Account, region: string, kinds: readonly AwsKind[], emit: Emit): Promise<void> {
  const scope = `aws/${account.id}/${region}`;
  const signal = withDeadline(context);
  const atOnce = pLimit(KINDS_AT_ONCE);
  context.identity(scope, account.id);
  const judge = async (kind: AwsKind) => {
    const name = `aws.${kind.type}`;
    const failed = new WeakMap<object, string>();
    try {
      signal.throwIfAborted();
      const items = await kind.list(readerOf(account, region, kind.service, signal, failed));
      emit(items.map((item) => resourceOf(account.id, region, kind.type, item)));
      context.complete(scope, name);
    } catch (error) {
      const action = (error instanceof Error ? failed.get(error) : undefined) ?? kind.actions[0] ?? kind.type;
      const late = signal.aborted && !context.signal.aborted;
      const fault: Fault = late
        ? { reason: 'unreachable', detail: `${action} in ${region}: not finished in ${context.options.deadline} s; raise deadline or rate` }
        : faultOf(error, { action, region, caller: account.caller });
      context.gap({ scope, kind: name, ...fault });
    }
  };
  await Promise.all(kinds.map((kind) => atOnce(() => judge(kind))));
  context.progress(`${scope}: read`);
}

/** `failed` remembers which action an error came from: a kind asks several, some of them at once. */
function readerOf(
  account: Account,
  region: string,
  service: AwsKind['service'],
  signal: AbortSignal,
  failed: WeakMap<object, string>,
): Reader {
  const request = (operation: string, input: JsonObject = {}): AwsRequest => {
    return { service, operation, input, region: region === 'global' ? account.globalRegion : region };
  };
  const blame = async <T>(operation: string, answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof Error) failed.set(error, `${service}:${operation}`);
      throw error;
    }
  };
  const whole = async (operation: string, field: string, input: JsonObject | undefined): Promise<Answer> => {
    const answer = await account.send(request(operation, input), signal);
    if (answer[field] === undefined || answer[field] === null) throw new AnswerError('invalid', `the answer has no ${field}`);
    if (answer.IsTruncated === true || answer.NextToken) throw new AnswerError('truncated', 'the answer has more than one page');
    return answer;
  };
  const maybe: Reader['maybe'] = async (answer) => {
    try {
      return await answer;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  return {
    account: account.id,
    region,
    maybe,
    all: (operation, field, input) => blame(operation, listAll(account.send, request(operation, input), field, signal)),
    ask: async (operation, field, input) => camelObject(await blame(operation, whole(operation, field, input))),
    askPlain: async (operation, field, input) => plainObject(await blame(operation, whole(operation, field, input))),
    each: async (items, ask) => {
      const atOnce = pLimit(ITEMS_AT_ONCE);
      const answers = await Promise.all(items.map((item) => atOnce(() => maybe(ask(item)))));
      return answers.filter((answer) => answer !== undefined);
    },
  };
}

function resourceOf(account: string, region: string, type: string, item: Awaited<ReturnType<AwsKind['list']>>[number]): Resource {
  const name = nameOf(item.config);
  return { ref: refOf(account, region, type, item.id), config: item.config, ...(name === undefined ? {} : { name }) };
}

/** Seconds in the options: one dead region must not hold up the others. */
function withDeadline(context: Context): AbortSignal {
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(context.options.deadline * 1000)]);
  // Every call in flight listens to it; Node takes more than ten for a leak.
  setMaxListeners(0, signal);
  return signal;
}
