/** What a resource type of AWS has to say for itself: a short declaration from which collecting and undoing follow. */
import { type Change, type Json, type JsonObject, type Kind, type Ref, type SetRule, type UndoContext, valueAt } from 'drifttrail';
import { type Argument, type Cli, cliFor } from '../_aws/cli.ts';
import { note } from '../_shell/words.ts';
import { membersBetween, textOf } from './document.ts';
import { settled } from './states.ts';

/** Asks one account in one region about one service. Answers are plain JSON with lowered field names. */
export interface Reader {
  readonly account: string;
  readonly region: string;
  /** The items of every page; `field` is the answer's list in PascalCase. */
  readonly all: (operation: string, field: string, input?: JsonObject) => Promise<JsonObject[]>;
  /** One answer; one without `field` (PascalCase) is no answer. */
  readonly ask: (operation: string, field: string, input?: JsonObject) => Promise<JsonObject>;
  /** The answer with its names as AWS writes them, for maps whose keys are data. */
  readonly askPlain: (operation: string, field: string, input?: JsonObject) => Promise<JsonObject>;
  /** The same question for each of many, a few at a time; what has gone in the meantime is left out. */
  readonly each: <T, R>(items: readonly T[], ask: (item: T) => Promise<R>) => Promise<R[]>;
  /** The answer, or undefined when AWS says that the thing does not exist. */
  readonly maybe: <R>(answer: Promise<R>) => Promise<R | undefined>;
}

export interface Item {
  readonly id: string;
  readonly config: JsonObject;
}

/** Commands that restore the state before a change, and notes of what no command restores. `id` is the resource's. */
export interface Undo {
  readonly created: (cli: Cli, id: string, after: Json) => readonly string[];
  /** In EC2 the command that makes it anew is kept by `cli.capture`, and `cli.newId` is told to those after it. */
  readonly deleted: (cli: Cli, before: Json, id: string) => readonly string[];
  /** IAM: what follows from the unique id being another one, when it is made anew under its name. */
  readonly anew?: string;
  readonly modified?: (cli: Cli, change: Change, context: UndoContext) => readonly string[];
}

export interface AwsKind {
  /** `ec2.route-table`; the kind is `aws.` and this. */
  readonly type: string;
  readonly service: 'ec2' | 'iam';
  /** IAM actions that collecting needs. */
  readonly actions: readonly string[];
  readonly list: (reader: Reader) => Promise<Item[]>;
  readonly kind: Kind;
}

interface Declaration extends Pick<Kind, 'title' | 'plural' | 'volatile' | 'sets' | 'secret' | 'secondaryIds' | 'sights'> {
  readonly type: string;
  readonly undo: Undo;
}

export interface Ec2Declaration extends Declaration {
  /** The listing: operation, its list in PascalCase and further input. */
  readonly operation: string;
  readonly items: string;
  readonly input?: JsonObject;
  /** The field of the id, lowered. */
  readonly id: string;
  /** Actions besides the listing. */
  readonly also?: readonly string[];
  /** Things that AWS goes on listing after they were deleted. */
  readonly gone?: (item: JsonObject) => boolean;
  /** Runs once, for answers that belong to all items. */
  readonly prepare?: (items: readonly JsonObject[], reader: Reader) => Promise<JsonObject[]>;
  /** The item as it is written; undefined when it has gone. */
  readonly shape?: (item: JsonObject, reader: Reader) => JsonObject;
}

const TAGS: SetRule = { path: '/tags', key: ['key'], value: 'value' };

export function ec2Kind(spec: Ec2Declaration): AwsKind {
  return {
    type: `ec2.${spec.type}`,
    service: 'ec2',
    actions: [`ec2:${spec.operation}`, ...(spec.also ?? []).map((action) => `ec2:${action}`)],
    list: async (reader) => {
      const listed = await reader.all(spec.operation, spec.items, spec.input ?? {});
      const present = spec.gone === undefined ? listed : listed.filter((item) => spec.gone?.(item) !== true);
      const items = spec.prepare === undefined ? present : await spec.prepare(present, reader);
      return items.map((item) => ({ id: idOf(item, spec.id), config: settled(spec.shape?.(item, reader) ?? item) }));
    },
    kind: {
      ...common(spec),
      sets: [TAGS, ...(spec.sets ?? [])],
      undo: (change, context) => {
        const cli = cliFor(change.ref, change.type === 'deleted' ? 'made anew' : 'as it is');
        const commands = undoOf(spec.undo, cli, change, context);
        const isLost = commands.every((command) => command.startsWith('#'));
        if (change.type !== 'deleted') return [...commands, ...ec2Tags(cli, change)];
        return isLost ? commands : [...commands, ...ec2Tags(cli, change), otherId(change.ref, spec.title)];
      },
    },
  };
}

export interface IamDeclaration extends Declaration {
  readonly actions: readonly string[];
  readonly list: (reader: Reader) => Promise<Item[]>;
}

export function iamKind(spec: IamDeclaration): AwsKind {
  return {
    type: `iam.${spec.type}`,
    service: 'iam',
    actions: spec.actions.map((action) => `iam:${action}`),
    list: spec.list,
    kind: { ...common(spec), sets: spec.sets ?? [], undo: (change, context) => undoOf(spec.undo, cliFor(change.ref), change, context) },
  };
}

function common(spec: Declaration): Kind {
  const { title, plural, volatile, secret, secondaryIds, sights } = spec;
  return {
    format: 'json',
    title,
    ...(plural === undefined ? {} : { plural }),
    ...(volatile === undefined ? {} : { volatile }),
    ...(secret === undefined ? {} : { secret }),
    ...(secondaryIds === undefined ? {} : { secondaryIds }),
    ...(sights === undefined ? {} : { sights }),
  };
}

function undoOf(undo: Undo, cli: Cli, change: Change, context: UndoContext): readonly string[] {
  const { id } = change.ref;
  if (change.type === 'created') return undo.created(cli, id, change.after ?? {});
  if (change.type === 'deleted') {
    const told = undo.anew === undefined ? [] : [note(`made anew it has another unique id and date: ${undo.anew}`)];
    return [...undo.deleted(cli, change.before ?? {}, id), ...told];
  }
  return undo.modified?.(cli, change, context) ?? [];
}

/** Tags come and go by the same two commands for everything in EC2. */
function ec2Tags(cli: Cli, change: Change): string[] {
  if (change.type === 'created') return [];
  const resource = change.type === 'deleted' ? cli.newId : change.ref.id;
  return restoreTags(cli, resource, valueAt(change.before, '/tags'), valueAt(change.after, '/tags'));
}

/** `resource` may be undefined where only its tags are known: nothing is printed then. */
export function restoreTags(cli: Cli, resource: Argument, before: Json | undefined, after: Json | undefined): string[] {
  if (resource === undefined) return [];
  const { added, removed, changed } = membersBetween(before, after);
  const wanted = [...removed, ...changed.map(({ key, before }) => [key, before] as const)].filter(isOurs);
  const unwanted = added.filter(isOurs);
  return [
    ...(wanted.length === 0
      ? []
      : [cli('ec2 create-tags', { resources: resource, tags: { json: wanted.map(([Key, Value]) => ({ Key, Value })) } })]),
    ...(unwanted.length === 0 ? [] : [cli('ec2 delete-tags', { resources: resource, tags: { json: unwanted.map(([Key]) => ({ Key })) } })]),
  ];
}

/** No command can give an id back. */
function otherId({ id }: Ref, title: string): string {
  return note(`the ${title} has another id now: whatever else named ${id} must be told`);
}

/** AWS keeps tags that begin with `aws:` for itself. */
function isOurs([key]: readonly [string, Json]): boolean {
  return !key.startsWith('aws:');
}

function idOf(item: JsonObject, field: string): string {
  const id = item[field];
  if (typeof id !== 'string' || id === '') throw new TypeError(`an item has no ${field}`);
  return id;
}

/** What people call it: the Name tag, as AWS answers it (a list) or as it is written (an object). */
export function nameOf(config: JsonObject): string | undefined {
  const listed = Array.isArray(config.tags) ? config.tags.find((tag) => textOf(tag, 'key') === 'Name') : undefined;
  return textOf(listed, 'value') ?? textOf(config, 'tags', 'Name') ?? textOf(config, 'groupName');
}

/** Flags of an object for `modify-…-attribute`: one command each, as the API takes one attribute at a time. */
export function attributeCommands(
  change: Change,
  attributes: Readonly<Record<string, string>>,
  command: (option: string, value: Argument) => string,
): string[] {
  return Object.entries(attributes).flatMap(([path, option]) => {
    const before = valueAt(change.before, path);
    const after = valueAt(change.after, path);
    if (before === after || (typeof before !== 'boolean' && typeof before !== 'string' && typeof before !== 'number')) return [];
    return [command(option, before)];
  });
}

export function refOf(account: string, region: string, type: string, id: string): Ref {
  return { scope: `aws/${account}/${region}`, kind: `aws.${type}`, id };
}
