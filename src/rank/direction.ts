/** Which way settings turn where no rule knows them: read from the words that services use for what protects and what opens. */
import { isWorld } from './cidr.ts';
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
  /public|anonym|unauth|guest|external|internetaccess|open_?access|allow_?all|cross_?account|remote_?access|root_?access|privileged|no_?password|plain_?text|insecure|unencrypted|execute_?command|auto_?accept|fail_?open/;
const LOOSENS = /skip|bypass|without_?recovery|force_?(delete|destroy)/;
/** Whoever is asked nothing is everybody. */
const ASKS = /authenticat|authori[sz]|(^|[._])auth(_?(type|mode|enabled?))?$/;
const PROTECTS =
  /encrypt|(^|[._])sse|tls|ssl|https|(?<!cata)log(s|ging|_?level|_?config|_?deliver|_?publish)|(access|audit|query|flow|event|execution)_?log|audit|monitor|protect|mfa|multi_?factor|versioning|backup|validat|scan|restrict|requir|enforc|lock|immutab|detect|alarm|alert|rotat|guard|firewall|waf|block|inspect|private|signing|signed|integrity|recovery|secure|isolat|verif|malware|dnssec|auto_?enable|only$|disable_?api_?(termination|stop)/;
const NEGATES = /^(disable|exclude|suppress|without)/;

const OPEN_TO_ALL =
  /^(public([_-](read|read[_-]write|only|access))?|everyone|anyone|all_?users|anonymous|unrestricted|open([_-]access)?|allow(ed)?|allow[_-]all|insecure)$/;
const SHUT = /^(private|internal|restricted|vpc[_-]?only|vpc|aws_iam|den(y|ied)|block(ed)?|enforced?|strict|required|mandatory)$/;
/** Watched but not kept out, or not even watched. */
const LAX = /^(suspended|paused|warn|permissive|count|(log|audit|monitor|detect)[_-]?only|ignore)$/;
/** Free words, which say what somebody called it. */
const WORDS = /(effect|name|tags?|tagset|description|comment|title|id|arn|prefix|path|key|protocolpolicy)(\.|$)/;
const REFUSED = /egress|outbound|destination|deny|denied|block|drop|except|exclu/;
const REFUSAL = /^(deny|block|drop|reject)$/;
/** Of what is scanned or recorded. */
const LEFT_OUT = /(^|[._])exclu(de|sion)/;
const KEPT = /retention|retain|backup/;
/** Empty, it is taken away. */
const OWN_KEY = /kms_?(master)?_?key(_?(id|arn))?$/;

/** Policies are judged by what they grant, not word by word. */
const IN_POLICY = /(^|\.)statement(\.|$)/;

export function directionOf(settings: readonly Setting[]): Direction {
  const refuses = settings.some(({ value }) => REFUSAL.test(value.toLowerCase()));
  const turns = settings.flatMap((setting) => {
    if (IN_POLICY.test(setting.name)) return [];
    const turn = turnOf(setting, refuses);
    return turn === undefined ? [] : [{ name: setting.name, turn }];
  });
  const named = (wanted: Turn) => [...new Set(turns.filter(({ turn }) => turn === wanted).map(({ name }) => name))];
  return { opens: named('opens'), weakens: named('weakens'), strengthens: named('strengthens') };
}

/** Whether all it turns is turned to the safe side. */
export function onlyStrengthens({ opens, weakens, strengthens }: Direction): boolean {
  return strengthens.length > 0 && opens.length === 0 && weakens.length === 0;
}

function turnOf({ name, value, state }: Setting, refuses: boolean): Turn | undefined {
  if (state !== '')
    return turnOfSwitch(tailOf(name), state === 'on') ?? (SWITCH.test(name) ? turnOfSwitch(name, state === 'on') : undefined);
  if (isWorld(value)) return refuses || REFUSED.test(name) ? undefined : 'opens';
  if (value === '') return OWN_KEY.test(name) ? 'weakens' : undefined;
  const word = value.toLowerCase();
  if (KEPT.test(name)) return /^[01]$/.test(word) ? 'weakens' : undefined;
  if (LEFT_OUT.test(name) && PROTECTS.test(name)) return 'weakens';
  if (WORDS.test(name)) return undefined;
  if (OPEN_TO_ALL.test(word)) return 'opens';
  if (SHUT.test(word)) return 'strengthens';
  return LAX.test(word) ? 'weakens' : undefined;
}

function turnOfSwitch(tail: string, on: boolean): Turn | undefined {
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
