import { expect, test } from 'vitest';
import { readAlert } from '../../src/pipeline/alert.ts';

const json = (value: unknown) => readAlert(JSON.stringify(value), 'stdin');
const incident = {
  event: {
    id: '01D8Y',
    event_type: 'incident.triggered',
    resource_type: 'incident',
    occurred_at: '2026-11-19T09:11:02.000Z',
    data: {
      id: 'PT4KHLK',
      type: 'incident',
      number: 1234,
      title: 'HTTP 5xx on https://web01.example.org:8443/shop, see i-0123456789abcdef0.',
      created_at: '2026-11-19T10:10:00+01:00',
      service: { id: 'PIJ90N7', type: 'service_reference', summary: 'shop' },
    },
  },
};
const told = (event_type: string, data: Record<string, unknown>) => ({
  event: { ...incident.event, event_type, data: { ...incident.event.data, ...data } },
});
const firing = (labels: Record<string, string>, startsAt: string, status = 'firing') => ({
  status,
  labels: { alertname: 'ProbeFailure', severity: 'critical', ...labels },
  annotations: { summary: `probe of ${labels.instance} failed` },
  startsAt,
  endsAt: '0001-01-01T00:00:00Z',
});

test('PagerDuty: the incident’s beginning, its service, and the words of its title', () => {
  expect(json(incident)).toEqual({
    source: 'pagerduty',
    incident: 'PT4KHLK',
    title: incident.event.data.title,
    at: '2026-11-19T09:10:00.000Z',
    named: ['shop'],
    words: ['HTTP', '5xx', 'on', 'web01.example.org', 'see', 'i-0123456789abcdef0'],
  });
});

test('Alertmanager: the first that still fires, and the labels that say where, without ports', () => {
  const alerts = [
    firing({ instance: 'old:9100' }, '2026-11-19T01:00:00Z', 'resolved'),
    firing({ instance: '10.0.0.7:9100', job: 'node' }, '2026-11-19T09:15:00.123456789+00:00'),
    firing({ instance: '[fd00::7]:9100' }, '2026-11-19T09:12:00Z'),
  ];
  expect(json({ version: '4', status: 'firing', alerts })).toMatchObject({
    source: 'alertmanager',
    title: 'probe of [fd00::7]:9100 failed',
    at: '2026-11-19T09:12:00.000Z',
    named: ['10.0.0.7', 'node', 'fd00::7'],
  });
});

test('Nagios: since when the service is in that state, not when it was told', () => {
  const macros = [
    'NAGIOS_HOSTNAME=web01',
    'NAGIOS_HOSTADDRESS=10.0.0.7',
    'NAGIOS_TIMET=1795079520',
    'NAGIOS_LASTHOSTSTATECHANGE=1700000000',
  ];
  const service = ['NAGIOS_SERVICEDESC=HTTP', 'NAGIOS_LASTSERVICESTATECHANGE=1795079400', 'NAGIOS_SERVICEOUTPUT=no answer from nginx'];
  const read = (lines: readonly string[]) => readAlert(`${lines.join('\n')}\n`, 'stdin');
  expect(read([...macros, ...service])).toEqual({
    source: 'nagios',
    title: 'web01: HTTP: no answer from nginx',
    at: '2026-11-19T09:10:00.000Z',
    named: ['web01', '10.0.0.7', 'HTTP'],
    words: ['no', 'answer', 'from', 'nginx'],
  });
  expect(read(macros)).toMatchObject({ at: '2023-11-14T22:13:20.000Z' });
  // A host that has not changed its state since Nagios started has none.
  expect(read([...macros.slice(0, 3), 'NAGIOS_LASTHOSTSTATECHANGE=0'])).toMatchObject({ at: '2026-11-19T09:12:00.000Z' });
  expect(read([...macros, 'NAGIOS_NOTIFICATIONTYPE=PROBLEM'])).toMatchObject({ source: 'nagios' });
  expect(read([...macros, 'NAGIOS_NOTIFICATIONTYPE=RECOVERY'])).toEqual({ nothing: 'RECOVERY tells of no trouble' });
});

const over = firing({ instance: 'old:9100' }, '2026-11-19T01:00:00Z', 'resolved');
test.each([
  [told('incident.resolved', {}), 'the incident PT4KHLK is resolved'],
  [told('incident.priority_updated', { status: 'resolved' }), 'the incident PT4KHLK is resolved'],
  [{ event: { event_type: 'pagey.ping', data: { type: 'ping', message: 'Hello from your friend Pagey!' } } }, 'a test, and it arrived'],
  [{ event: { event_type: 'incident.annotated', data: { type: 'incident_note', id: 'P1' } } }, 'incident.annotated tells of no trouble'],
  [{ alerts: [over] }, 'the alert is resolved'],
  [{ status: 'resolved', alerts: [over, over] }, 'all 2 alerts are resolved'],
])('what tells of no trouble is no alert: %#', (body, nothing) => expect(json(body)).toEqual({ nothing }));

test.each([
  ['', 'stdin: there is nothing in it'],
  ['web01 is down', 'stdin: it is no JSON'],
  ['[]', 'stdin is no alert that is known here'],
  ['{"event":{"data":{"type":"incident_note","id":"1"}}}', 'looks like a webhook (v3) of a PagerDuty incident, but event.data.type'],
  ['{"alerts":[]}', 'looks like a webhook of Alertmanager or Grafana, but alerts'],
  ['{"alerts":[{"labels":{},"startsAt":"yesterday"}]}', 'but alerts.0.startsAt'],
  ['NAGIOS_HOSTNAME=web01', 'looks like the environment of a Nagios notification, but NAGIOS_TIMET'],
])('%j is told in one line', (text, message) => {
  expect(() => readAlert(text, 'stdin')).toThrow(
    expect.objectContaining({ code: 'alert-invalid', message: expect.stringContaining(message) }),
  );
});
