/** What a monitor says: of trouble, when it began and what it names, or that there is none; from PagerDuty, Alertmanager, Grafana or Nagios. */
import { z } from 'zod';
import { DrifttrailError } from '../errors.ts';

export interface Alert {
  readonly source: 'pagerduty' | 'alertmanager' | 'nagios';
  /** PagerDuty's id of the incident, where an answer can be left as a note. */
  readonly incident?: string;
  readonly title: string;
  /** When the trouble began: UTC ISO 8601. */
  readonly at: string;
  /** What the alert is about, as its fields name it: hosts, services, instances. */
  readonly named: readonly string[];
  /** Words of its text, which may be names as well. */
  readonly words: readonly string[];
}

/** A monitor also tells of what is over, and tries out whether we are there: nobody waits for an answer to that. */
export interface Calm {
  /** Why, as a sentence: `the incident is resolved`. */
  readonly nothing: string;
}

type Told = Omit<Alert, 'words' | 'named'> & { readonly named: readonly (string | undefined)[]; readonly text: readonly string[] };

/** https://developer.pagerduty.com/docs/webhooks/v3-overview/ */
const incident = z
  .object({
    event: z.object({
      event_type: z.string().optional(),
      data: z.object({
        type: z.literal('incident'),
        id: z.string(),
        title: z.string(),
        status: z.string().optional(),
        created_at: z.iso.datetime({ offset: true }),
        service: z.object({ summary: z.string() }).nullish(),
      }),
    }),
  })
  .transform(({ event: { event_type: type, data } }): Told | Calm => {
    const { id, title, status, created_at: at, service } = data;
    if (type === 'incident.resolved' || status === 'resolved') return { nothing: `the incident ${id} is resolved` };
    return { source: 'pagerduty', incident: id, title, at, named: [service?.summary], text: [title] };
  });
/** `pagey.ping` tries a subscription out; others are about a note, a responder or a service, and no incident is in them. */
const noIncident = z
  .object({ event: z.object({ event_type: z.string(), data: z.object({ type: z.string().refine((type) => type !== 'incident') }) }) })
  .transform(
    ({ event }): Calm => ({
      nothing: event.event_type === 'pagey.ping' ? 'a test, and it arrived' : `${event.event_type} tells of no trouble`,
    }),
  );

/** Says what the alert is, not what it is about. */
const NOT_ABOUT = new Set(['alertname', 'severity', 'prometheus', 'monitor', 'receiver', 'team', '__alert_rule_uid__', 'grafana_folder']);
const labels = z.record(z.string(), z.string());

/** https://prometheus.io/docs/alerting/latest/configuration/#webhook_config, which Grafana sends as well. */
const alertmanager = z
  .object({
    alerts: z
      .array(
        z.object({
          status: z.string().optional(),
          labels,
          annotations: labels.default({}),
          startsAt: z.iso.datetime({ offset: true }),
        }),
      )
      .min(1),
  })
  .transform(({ alerts }): Told | Calm => {
    const told = alerts.filter(({ status }) => status !== 'resolved');
    if (told.length === 0) return { nothing: `${alerts.length === 1 ? 'the alert is' : `all ${alerts.length} alerts are`} resolved` };
    const first = told.reduce((a, b) => (Date.parse(b.startsAt) < Date.parse(a.startsAt) ? b : a));
    const text = told.flatMap(({ annotations }) => [annotations.summary ?? '', annotations.description ?? '']);
    return {
      source: 'alertmanager',
      title: first.annotations.summary ?? first.labels.alertname ?? 'alert',
      at: first.startsAt,
      named: told.flatMap((one) => Object.entries(one.labels).flatMap(([name, value]) => (NOT_ABOUT.has(name) ? [] : [value]))),
      text,
    };
  });

/** The environment of a notification command: https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/macrolist.html */
const OVER: ReadonlySet<string | undefined> = new Set([
  'RECOVERY',
  'FLAPPINGSTOP',
  'FLAPPINGDISABLED',
  'DOWNTIMESTART',
  'DOWNTIMEEND',
  'DOWNTIMECANCELLED',
]);
const seconds = z.string().regex(/^\d{9,10}$/);
const nagios = z
  .object({
    NAGIOS_HOSTNAME: z.string().min(1),
    NAGIOS_HOSTALIAS: z.string().optional(),
    NAGIOS_HOSTADDRESS: z.string().optional(),
    NAGIOS_SERVICEDESC: z.string().optional(),
    NAGIOS_HOSTOUTPUT: z.string().default(''),
    NAGIOS_SERVICEOUTPUT: z.string().default(''),
    NAGIOS_LASTSERVICESTATECHANGE: seconds.optional().catch(undefined),
    NAGIOS_LASTHOSTSTATECHANGE: seconds.optional().catch(undefined),
    NAGIOS_TIMET: seconds,
    NAGIOS_NOTIFICATIONTYPE: z.string().optional(),
  })
  .transform((macros): Told | Calm => {
    if (OVER.has(macros.NAGIOS_NOTIFICATIONTYPE)) return { nothing: `${macros.NAGIOS_NOTIFICATIONTYPE} tells of no trouble` };
    const service = macros.NAGIOS_SERVICEDESC ?? '';
    const output = service === '' ? macros.NAGIOS_HOSTOUTPUT : macros.NAGIOS_SERVICEOUTPUT;
    const changed = service === '' ? macros.NAGIOS_LASTHOSTSTATECHANGE : macros.NAGIOS_LASTSERVICESTATECHANGE;
    return {
      source: 'nagios',
      title: [macros.NAGIOS_HOSTNAME, service, output].filter((part) => part !== '').join(': '),
      at: new Date(Number(changed ?? macros.NAGIOS_TIMET) * 1000).toISOString(),
      named: [macros.NAGIOS_HOSTNAME, macros.NAGIOS_HOSTADDRESS, macros.NAGIOS_HOSTALIAS, service],
      text: [output],
    };
  });

/**
 * The body of a webhook, or the `NAGIOS_…=…` lines of a notification's environment.
 * @param from where the text comes from, for the error
 * @throws {DrifttrailError} `alert-invalid`
 */
export function readAlert(text: string, from: string): Alert | Calm {
  const read = decode(text, from);
  if ('nothing' in read) return read;
  const { at, named, text: said, ...told } = read;
  return {
    ...told,
    at: new Date(at).toISOString(),
    named: distinct(named.flatMap((name) => (name === undefined ? [] : [bare(name)]))),
    words: distinct(said.flatMap((line) => line.split(/[\s,;()[\]{}"'<>|]+/)).map(bare)),
  };
}

function decode(text: string, from: string): Told | Calm {
  const macros = Object.fromEntries([...text.matchAll(/^(NAGIOS_\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value.trim()]));
  if (Object.keys(macros).length > 0) return checked(nagios, macros, from, 'the environment of a Nagios notification');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new DrifttrailError({
      code: 'alert-invalid',
      message: `${from}: ${text.trim() === '' ? 'there is nothing in it' : `it is no JSON: ${error instanceof Error ? error.message : String(error)}`}`,
      remedy: FORMS,
    });
  }
  if (typeof body === 'object' && body !== null && 'event' in body)
    return noIncident.safeParse(body).data ?? checked(incident, body, from, 'a webhook (v3) of a PagerDuty incident');
  if (typeof body === 'object' && body !== null && 'alerts' in body)
    return checked(alertmanager, body, from, 'a webhook of Alertmanager or Grafana');
  throw new DrifttrailError({ code: 'alert-invalid', message: `${from} is no alert that is known here`, remedy: FORMS });
}

const FORMS = 'give the body of a PagerDuty (v3), Alertmanager or Grafana webhook, or the lines of env | grep ^NAGIOS_';

function checked<Out>(schema: z.ZodType<Out>, value: unknown, from: string, what: string): Out {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new DrifttrailError({
    code: 'alert-invalid',
    message: `${from} looks like ${what}, but ${where === '' ? '' : `${where}: `}${issue?.message ?? 'is not'}`,
    remedy: FORMS,
  });
}

/** `https://web01.example.org:9100/metrics` is about `web01.example.org`. */
function bare(name: string): string {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?(\[[^\]]+\]|[^/:?#]+)/i.exec(name)?.[1] ?? name;
  return host
    .replace(/^(\[[^\]]+\]|[^:]+):\d+$/, '$1')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/[.:!?]+$/, '');
}

function distinct(words: readonly string[]): string[] {
  return [...new Set(words)].filter((word) => word.length > 1);
}
