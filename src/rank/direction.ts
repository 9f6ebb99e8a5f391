/** Which way settings turn where no rule knows them: read from the words that services use for what protects and what opens. */
import { isWidePublic, isWorld } from './cidr.ts';
import { once } from './once.ts';
import type { Setting } from './settings.ts';

export interface Direction {
  /** Names of the settings that let more people in. */
  readonly opens: readonly string[];
  /** Those that take a protection away. */
  readonly weakens: readonly string[];
  /** Those that protect more, or let fewer people in. */
  readonly strengthens: readonly string[];
}

type Turn = keyof Direction;

/** Speak of what stands before them: `logging.enabled`, `mfa.status`. */
const SAYS_NOTHING = /^(is)?_?(enabled?|status|state|mode|active|type|setting|option|level)$/;
/** What is refused to the public protects, although it names the public. */
const SHUTS_OUT =
  /(block|restrict|deny|prevent|prohibit|disallow|ignore|private)[a-z_.]*(public|anonym|external|guest|internet|cross)|public[a-z_.]*(block|restrict)/;
const OPENS =
  /public|anonym|unauth|guest|external|internetaccess|open_?access|allow_?all|cross_?account|remote_?access|root_?access|privileged|no_?password|plain_?text|insecure|unencrypted|execute_?command|auto_?(accept|approv|join|regist|enrol)|fail_?open|to_?all_?users/;
const LOOSENS = /skip|bypass|without_?recovery|force_?(delete|destroy)/;
/** Whoever is asked nothing is everybody. */
const ASKS = /authenticat|authori[sz]|auth(_?(type|mode|enabled?))?$/;
const PROTECTS =
  /encrypt|(^|[._])sse|tls|ssl|https|(?<!cata)log(s|ging|_?level|_?config|_?deliver|_?publish)|(access|audit|query|flow|event|execution)_?log|audit|monitor|protect|mfa|multi_?factor|versioning|backup|validat|scan|restrict|requir|enforc|lock|immutab|detect|alarm|alert|rotat|guard|firewall|waf|block|inspect|private|signing|signed|integrity|recovery|secure|isolat|verif|malware|dnssec|auto_?enable|auto[a-z_]*(upgrade|update|patch)|managed_?(action|update)|network_?access|only$|disable_?api_?(termination|stop)/;
const NEGATES = /^(disable|exclude|remove|suppress|without)/;

const OPEN_TO_ALL =
  /^(public([_-](read|read[_-]write|only|access))?|everyone|anyone|all_?users|anonymous|unrestricted|open([_-]access)?|allow(ed)?|allow[_-]all|guest_?access|no[-_]?password(_required)?|insecure)$/i;
const SHUT = /^(private|internal|restricted|vpc[_-]?only|vpc|aws_iam|den(y|ied)|block(ed)?|enforced?|strict|required|mandatory\w*)$/i;
/** Watched but not kept out, or not even watched. */
const LAX =
  /^(suspended|paused|warn|permissive|count|(log|audit|monitor|detect)[_-]?only|ignore|override|(decrease|reduce)_\w*retention)$/i;
/** What was given up because it can be read on its way. */
const OUTDATED = /^(policy-min-)?(sslv[23]|tls[-_v]?1([-._][01])?([-_]20\d\d([-_]\d\d)?)?)$/i;
/** Who is meant, or which sites: here a star or `all` is everybody. */
const PEOPLE = /(groups?|users?|principals?|accounts?|account_?ids?|members?|grantees?|allow(ed)?_?origins?)$/;
const EVERYBODY = /^(\*|all|everybody)$/i;
/** Whom or what a call takes away, not lets in. */
const TAKEN = /(^|[._])(remove|revoke|delete|detach)|_?toremove/;
/** Free words, which say what somebody called it. */
const WORDS = /(name|tags?|tagset|description|comment|title|id|arn|prefix|path|key|protocolpolicy)(\.|$)/;
const REFUSED = /egress|outbound|destination|deny|denied|block|drop|except|exclu/;
const REFUSAL = /^(deny|block|drop|reject)$/i;
/** Of what is scanned or recorded. */
const LEFT_OUT = /(^|[._])exclu(de|sion)/;
/** Days or hours; a few years are long. */
const KEPT = /(retention|retain|backup)(?!.*(year|month))/;
const FEW = /^[0-3]$/;
/** Empty, it is taken away. */
const OWN_KEY = /kms_?(master)?_?key(_?(id|arn))?$/;

/** Policies are judged by what they grant, not word by word. */
const IN_POLICY = /(^|\.)statement(\.|$)/;

export function directionOf(settings: readonly Setting[]): Direction {
  const turns: Record<Turn, string[]> = { opens: [], weakens: [], strengthens: [] };
  const refuses = once(() => settings.some(({ value }) => REFUSAL.test(value)));
  for (const setting of settings) {
    const turn = turnOf(setting, refuses);
    if (turn !== undefined && !turns[turn].includes(setting.name)) turns[turn].push(setting.name);
  }
  return turns;
}

/** Whether a setting names whom or what the call takes away. */
export function takesAway({ name }: Setting): boolean {
  return kindOf(name) === 'taken';
}

/** Whether all it turns is turned to the safe side. */
export function onlyStrengthens({ opens, weakens, strengthens }: Direction): boolean {
  return strengthens.length > 0 && opens.length === 0 && weakens.length === 0;
}

/** Longer text is none of the words that turn anything. */
const LONGEST_WORD = 32;

function turnOf({ name, value, state }: Setting, refuses: () => boolean): Turn | undefined {
  if (value.length > LONGEST_WORD && !LEFT_OUT.test(name)) return undefined;
  const kind = kindOf(name);
  if (kind === 'policy' || (kind === 'taken' && state === '')) return undefined;
  if (state !== '') return turnOfSwitch(name, state === 'on');
  if (isWorld(value) || isWidePublic(value)) return refuses() || REFUSED.test(name) ? undefined : 'opens';
  if (value === '') return kind === 'key' ? 'weakens' : undefined;
  if (kind === 'kept') return FEW.test(value) ? 'weakens' : undefined;
  if (kind === 'left-out') return 'weakens';
  if (kind === 'people' && EVERYBODY.test(value)) return 'opens';
  return kind === 'words' ? undefined : TURNS_BY_WORD.find(([, words]) => words.test(value))?.[0];
}

const TURNS_BY_WORD: readonly (readonly [Turn, RegExp])[] = [
  ['opens', OPEN_TO_ALL],
  ['strengthens', SHUT],
  ['weakens', LAX],
  ['weakens', OUTDATED],
];

type Kind = 'taken' | 'people' | 'policy' | 'key' | 'kept' | 'left-out' | 'words' | 'other';

/** Names come again and again, and there are not many of them but for those that somebody chose. */
const kinds = new Map<string, Kind>();
const switches = new Map<string, Turn | undefined>();
const MOST_NAMES = 5000;

function kindOf(name: string): Kind {
  const known = kinds.get(name);
  if (known !== undefined) return known;
  const kind = kindOfNew(name);
  if (kinds.size >= MOST_NAMES) kinds.clear();
  kinds.set(name, kind);
  return kind;
}

function kindOfNew(name: string): Kind {
  if (IN_POLICY.test(name)) return 'policy';
  if (TAKEN.test(name)) return 'taken';
  if (OWN_KEY.test(name)) return 'key';
  if (KEPT.test(name)) return 'kept';
  if (LEFT_OUT.test(name) && PROTECTS.test(name)) return 'left-out';
  if (PEOPLE.test(name)) return 'people';
  return WORDS.test(name) ? 'words' : 'other';
}

function turnOfSwitch(name: string, on: boolean): Turn | undefined {
  const asked = `${on ? '+' : '-'}${name}`;
  if (switches.has(asked)) return switches.get(asked);
  const turn = turnOfWords(tailOf(name), on) ?? (SWITCH.test(name) ? turnOfWords(name, on) : undefined);
  if (switches.size >= MOST_NAMES) switches.clear();
  switches.set(asked, turn);
  return turn;
}

function turnOfWords(tail: string, on: boolean): Turn | undefined {
  const holds = NEGATES.test(tail) && !PROTECTS_BY_NEGATION.test(tail) ? !on : on;
  if (SHUTS_OUT.test(tail)) return holds ? 'strengthens' : 'weakens';
  if (OPENS.test(tail)) return holds ? 'opens' : 'strengthens';
  if (LOOSENS.test(tail)) return holds ? 'weakens' : undefined;
  if (ASKS.test(tail)) return holds ? 'strengthens' : 'opens';
  return PROTECTS.test(tail) ? (holds ? 'strengthens' : 'weakens') : undefined;
}

/** Is named after what it switches on, further up: `loggingConfig.textDataDeliveryEnabled`. */
const SWITCH = /(enabled?|status)$/;
/** EC2's and others' own name for a protection. */
const PROTECTS_BY_NEGATION = /^disable_?api_?(termination|stop)/;

function tailOf(name: string): string {
  const parts = name.split('.');
  const last = parts.at(-1) ?? '';
  const before = parts.at(-2);
  return before !== undefined && SAYS_NOTHING.test(last) ? `${before}.${last}` : last;
}
