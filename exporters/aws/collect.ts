/** Reads every kind in every account and region: in parallel, within a deadline, and a failure stays where it happened. */
import type { CollectContext, Resource } from 'drifttrail';
import pLimit, { type LimitFunction } from 'p-limit';
import type { Account, Send } from '../_aws/api.ts';
import { camelObject, plain } from '../_aws/camel.ts';
import { createChannel } from '../_aws/channel.ts';
import { type Fault, faultOf, isMissing } from '../_aws/errors.ts';
import { type AccountOption, expectedId, labelOf } from '../_aws/options.ts';
import { listAll } from '../_aws/paginate.ts';
import { GLOBAL_REGION, openSession, regionsOf, type Session } from '../_aws/session.ts';
import { type AwsKind, nameOf, type Reader, refOf } from './definition.ts';
import type { Options } from './options.ts';

/** Kinds of one scope, and item calls of one kind, that are asked for at the same time. */
const KINDS_AT_ONCE = 4;
const ITEMS_AT_ONCE = 8;

/** Stands in for the regions of an account whose regions, or number, could not be learnt. */
export const UNKNOWN_REGIONS = 'all-regions';

type Context = CollectContext<Options>;
type Emit = (resources: readonly Resource[]) => void;

export async function* collectAws(context: Context, kinds: readonly AwsKind[]): AsyncGenerator<Resource> {
  const session = await openSession(context.options, context);
  const channel = createChannel<Resource>();
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const atOnce = pLimit(context.options.concurrency);
  const work = Promise.all(
    context.options.accounts.map((option) => collectAccount({ ...context, signal }, session, option, kinds, atOnce, channel.push)),
  );
  work.then(
    () => channel.close(),
    (error: unknown) => channel.close(error ?? new Error('collecting failed')),
  );
  try {
    yield* channel;
  } finally {
    stop.abort();
    session.close();
  }
}

async function collectAccount(
  context: Context,
  session: Session,
  option: AccountOption,
  kinds: readonly AwsKind[],
  atOnce: LimitFunction,
  emit: Emit,
): Promise<void> {
  const signal = withDeadline(context);
  let account: Account;
  try {
    account = await session.account(option, signal);
  } catch (error) {
    const scope = `aws/${(expectedId(option) ?? labelOf(option)).replaceAll('/', '_')}/${UNKNOWN_REGIONS}`;
    context.gap({ scope, ...faultOf(error, { action: 'sts:GetCallerIdentity', region: GLOBAL_REGION, caller: labelOf(option) }) });
    return;
  }
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
    const fault = faultOf(error, { action: 'ec2:DescribeRegions', region: GLOBAL_REGION, caller: account.caller });
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
    const asked = { action: kind.actions[0] ?? kind.type };
    try {
      signal.throwIfAborted();
      const items = await kind.list(readerOf(account, region, kind.service, signal, asked));
      emit(items.map((item) => resourceOf(account.id, region, kind.type, item)));
      context.complete(scope, name);
    } catch (error) {
      const late = signal.aborted && !context.signal.aborted;
      const fault: Fault = late
        ? {
            reason: 'unreachable',
            detail: `${asked.action} in ${region}: not finished in ${context.options.deadline} s; raise deadline or rate`,
          }
        : faultOf(error, { action: asked.action, region, caller: account.caller });
      context.gap({ scope, kind: name, ...fault });
    }
  };
  await Promise.all(kinds.map((kind) => atOnce(() => judge(kind))));
  context.progress(`${scope}: read`);
}

/** `asked` remembers the last action, so that a failure names it. */
function readerOf(account: Account, region: string, service: AwsKind['service'], signal: AbortSignal, asked: { action: string }): Reader {
  const endpointRegion = region === 'global' ? GLOBAL_REGION : region;
  const send: Send = async (request, requestSignal) => {
    try {
      return await account.send(request, requestSignal);
    } catch (error) {
      if (!isMissing(error)) asked.action = `${request.service}:${request.operation}`;
      throw error;
    }
  };
  const request = (operation: string, input = {}) => ({ service, operation, input, region: endpointRegion });
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
    all: (operation, field, input) => listAll(send, request(operation, input), field, signal),
    ask: async (operation, input) => camelObject(await send(request(operation, input), signal)),
    askPlain: async (operation, input) => {
      const answer = await send(request(operation, input), signal);
      return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, plain(value)]));
    },
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
  return AbortSignal.any([context.signal, AbortSignal.timeout(context.options.deadline * 1000)]);
}
