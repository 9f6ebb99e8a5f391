/** CSV, SARIF, OCSF and HTML: what each receiver needs of every finding, and nothing that a name could make of it. */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model.ts';
import type { ReportData } from '../../src/report/contract.ts';
import { renderCsv } from '../../src/report/csv.ts';
import { renderHtml } from '../../src/report/html.ts';
import { renderOcsf } from '../../src/report/ocsf.ts';
import { toSarif } from '../../src/report/sarif.ts';
import { findingOf, PAYLOADS } from '../notify/findings.ts';

const report = (findings: readonly Finding[], more: Partial<ReportData> = {}): ReportData => ({
  findings,
  gaps: [],
  unmapped: [],
  window: { from: '2026-01-07T00:00:00Z', to: '2026-01-08T00:00:00Z' },
  generatedAt: '2026-01-08T07:00:00Z',
  ...more,
});
const options = { version: '1.2.3' };
const ordinary = findingOf();
const gap = { scope: 'aws/123456789012/eu-west-2', reason: 'denied', detail: 'no permission' } as const;
const lost = findingOf({ id: 'f-lost', change: undefined, coverage: { type: 'lost', gap } } as unknown as Partial<Finding>);
/** Every text that is somebody's choice. */
const nasty = PAYLOADS.map((payload, index) =>
  findingOf({
    id: `f-${String(index).padStart(12, '0')}`,
    change: {
      type: 'modified',
      ref: { scope: 'aws/123456789012/eu-west-1', kind: 'aws.ec2.route-table', id: payload },
      path: 'aws/123456789012/eu-west-1/ec2.route-table/x%20y.json',
      name: payload,
      edits: [{ path: `/tags/${payload.replaceAll('~', '~0').replaceAll('/', '~1')}`, before: payload, after: { x: payload } }],
    },
    attribution: {
      ...ordinary.attribution,
      ...(ordinary.attribution.actor && { actor: { ...ordinary.attribution.actor, name: payload, userAgent: payload } }),
    },
    reasons: [payload],
    undo: [payload],
  }),
);

/** A reader of RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, bare = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('csv', () => {
  it('has a row an edit, with a header', () => {
    const change = { ...ordinary.change, edits: [...(ordinary.change?.edits ?? []), { path: '/x', before: 1, after: { a: [1, 2] } }] };
    const two = { ...ordinary, change } as Finding;
    const [head = [], ...rows] = parseCsv(renderCsv(report([two, lost])));
    expect(rows).toHaveLength(3);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([head.length]));
    const of = (row: string[] | undefined, name: string) => row?.[head.indexOf(name)];
    const second = rows.find((row) => of(row, 'path') === '/x');
    expect([of(second, 'before'), of(second, 'after'), of(second, 'finding')]).toEqual(['1', '{"a":[1,2]}', ordinary.id]);
    const dark = rows.find((row) => of(row, 'finding') === 'f-lost');
    expect([of(dark, 'type'), of(dark, 'scope'), of(dark, 'path')]).toEqual(['coverage-lost', gap.scope, '']);
  });

  it('gives a spreadsheet no formula and a terminal nothing to act on', () => {
    const text = renderCsv(report(nasty));
    const [head = [], ...rows] = parseCsv(text);
    expect(rows).toHaveLength(PAYLOADS.length);
    for (const row of rows) {
      expect(row).toHaveLength(head.length);
      for (const cell of row) expect(cell).not.toMatch(/^[=+@]|^-\D/);
    }
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  });
});

it.each(['=1+1', '+1+1', '-1+1', '@SUM(A1)', '＝1+1', '＋1+1', '－1+1', '＠SUM(A1)'])(
  'csv: a cell never begins with the formula %s',
  (name) => {
    const { change } = ordinary;
    const [head = [], row = []] = parseCsv(renderCsv(report([{ ...ordinary, ...(change && { change: { ...change, name } }) }])));
    expect(row[head.indexOf('name')]).toBe(`'${name}`);
  },
);

describe('sarif', () => {
  interface Run {
    readonly results: {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly partialFingerprints: object;
      readonly suppressions?: object[];
      readonly locations: { physicalLocation?: { artifactLocation: { uri: string } } }[];
    }[];
    readonly tool: { readonly driver: { readonly rules: { readonly id: string }[] } };
    readonly invocations: { readonly executionSuccessful: boolean; readonly toolExecutionNotifications: { message: { text: string } }[] }[];
  }
  const scopeFile = (scope: string) => (scope.startsWith('aws/') ? `coverage/aws/${scope}.json` : undefined);
  const runOf = (data: ReportData) => (toSarif(data, { ...options, scopeFile }) as unknown as { runs: [Run] }).runs[0];

  it('names rule, level, fingerprint and file', () => {
    const { results, tool } = runOf(report([ordinary, { ...ordinary, id: 'f-2', rules: [], level: 'low', ignored: 'known' }, lost]));
    expect(results.map(({ ruleId, ruleIndex }) => tool.driver.rules[ruleIndex]?.id === ruleId)).toEqual([true, true, true]);
    const [first] = results;
    expect(first?.partialFingerprints).toEqual({ 'drifttrail/v1': ordinary.id });
    expect(first?.locations[0]?.physicalLocation?.artifactLocation.uri).toBe(ordinary.change?.path);
    const aside = results.find(({ suppressions }) => suppressions !== undefined);
    expect(aside).toMatchObject({ ruleId: 'drift', level: 'note', suppressions: [{ kind: 'external', justification: 'known' }] });
  });

  it('places every result at a file and a line, for one without makes GitHub refuse all of them', () => {
    const act = (scope: string) => ({
      ...findingOf({ id: `f-${scope}`, commit: null, transient: { ref: { scope, kind: 's3', id: 'PutX' }, path: '', effects: [] } }),
      change: undefined,
    });
    const far = { ...gap, scope: 'elsewhere/x' };
    const acts = [act('aws/123456789012/eu-west-1'), act('hosts/web01')] as unknown as Finding[];
    const { results } = runOf(report([ordinary, lost, { ...lost, id: 'f-far', coverage: { type: 'lost', gap: far } }, ...acts]));
    expect(results).toHaveLength(5);
    const places = results.map(({ locations: [location] }) => location?.physicalLocation);
    for (const place of places) expect(place).toMatchObject({ region: { startLine: 1 } });
    expect(places.map((place) => place?.artifactLocation.uri).sort()).toEqual([
      'README.md',
      'README.md',
      ordinary.change?.path,
      'coverage/aws/aws/123456789012/eu-west-1.json',
      'coverage/aws/aws/123456789012/eu-west-2.json',
    ]);
  });

  it('says what was not seen, and what was left out of 5,001', () => {
    const { results, invocations } = runOf(
      report(
        Array.from({ length: 5001 }, (_, index) => ({ ...ordinary, id: `f-${index}` })),
        { gaps: [gap] },
      ),
    );
    expect(results).toHaveLength(5000);
    expect(invocations[0]?.executionSuccessful).toBe(false);
    expect(invocations[0]?.toolExecutionNotifications.map(({ message }) => message.text)).toEqual([
      'not seen: aws/123456789012/eu-west-2 everything: denied, no permission',
      '1 results of lower threat are left out',
    ]);
  });

  it('has addresses that are addresses, and text without controls', () => {
    const run = runOf(report(nasty));
    for (const { locations } of run.results) {
      const uri = locations[0]?.physicalLocation?.artifactLocation.uri ?? '';
      expect(uri).toContain('x%2520y.json');
      expect(() => new URL(uri, 'https://example.com/')).not.toThrow();
    }
    expect(JSON.stringify(run)).not.toMatch(/\\u00[01]|[\p{Cc}\p{Cf}\p{Cs}]/u);
  });
});

describe('ocsf', () => {
  const lines = (data: ReportData) =>
    renderOcsf(data, options)
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('is a Detection Finding a line', () => {
    const [one] = lines(report([ordinary]));
    expect(one).toMatchObject({
      class_uid: 2004,
      type_uid: 200401,
      category_uid: 2,
      activity_id: 1,
      status_id: 1,
      finding_info: { uid: ordinary.id },
      cloud: { account: { uid: '123456789012' }, region: 'eu-west-1' },
      resources: [{ type: 'aws.ec2.route-table' }],
    });
    expect(Number.isSafeInteger(one?.time)).toBe(true);
  });

  it('tells severity, and what was put back or set aside', () => {
    const levels = ['critical', 'high', 'medium', 'low', 'info'] as const;
    const found = lines(report(levels.map((level) => ({ ...ordinary, id: level, level }))));
    expect(found.map(({ severity_id }) => severity_id)).toEqual([5, 4, 3, 2, 1]);
    const undone = { ...ordinary, undone: { by: 'f-2', at: '2026-01-07T15:00:00Z' } };
    expect(lines(report([undone]))[0]).toMatchObject({ status: 'Resolved' });
    expect(lines(report([{ ...undone, ignored: 'known' }]))[0]).toMatchObject({ status: 'Suppressed' });
  });

  it('claims the cloud profile only with the cloud object that it requires', () => {
    const { change } = ordinary;
    const onHost = findingOf({ ...(change && { change: { ...change, ref: { scope: 'hosts/web01', kind: 'host.file', id: 'etc/x' } } }) });
    const [aws, dark, host] = lines(report([ordinary, { ...onHost, id: 'f-z' }, lost])) as { metadata: object; cloud?: object }[];
    for (const event of [aws, dark]) expect(event).toMatchObject({ metadata: { profiles: ['cloud'] }, cloud: { provider: 'AWS' } });
    expect(host?.metadata).not.toHaveProperty('profiles');
    expect(host).not.toHaveProperty('cloud');
  });

  it.each([
    ['192.0.2.1', { ip: '192.0.2.1' }],
    ['2001:db8::1', { ip: '2001:db8::1' }],
    ['cloudformation.amazonaws.com', { svc_name: 'cloudformation.amazonaws.com' }],
    ['AWS Internal', { svc_name: 'AWS Internal' }],
    ['bastion.example.com', { hostname: 'bastion.example.com' }],
    ['web01', { hostname: 'web01' }],
    ['= not a host', { name: '= not a host' }],
  ])('says of %s what it is', (sourceIp, endpoint) => {
    const { actor } = ordinary.attribution;
    const from = { ...ordinary, attribution: { ...ordinary.attribution, ...(actor && { actor: { ...actor, sourceIp } }) } };
    const [one] = lines(report([from])) as { evidences: { src_endpoint: object }[] }[];
    expect(one?.evidences[0]?.src_endpoint).toEqual(endpoint);
  });

  it('stays a line an object whatever the names are', () => {
    expect(lines(report([...nasty, lost]))).toHaveLength(PAYLOADS.length + 1);
  });
});

describe('html', () => {
  it('has every finding, what was not seen, and needs nothing from elsewhere', () => {
    const page = renderHtml(report([ordinary, lost], { gaps: [gap], unmapped: [{ name: 'PutX', source: 's', count: 2 }] }));
    expect(page).toContain(`<article id="${ordinary.id}">`);
    expect(page).toContain(`href="#${ordinary.id}"`);
    expect(page).toContain('no permission');
    expect(page).toContain('s PutX × 2');
    expect(page).not.toMatch(/<script|<link|<img|https?:|@import|url\(/);
    expect(page.match(/<article /g)).toHaveLength(2);
  });

  it('says that nothing changed, and whether everything was read', () => {
    expect(renderHtml(report([]))).toContain('Nothing changed.');
    expect(renderHtml(report([], { gaps: [gap] }))).toContain('Nothing changed in what could be read.');
  });

  it('makes markup of no name', () => {
    const tags = (page: string) => (page.match(/<[^>]*>/g) ?? []).map((tag) => tag.replaceAll(/"[^"]*"/g, '""')).sort();
    const harmless = nasty.map((finding) => JSON.parse(JSON.stringify(finding).replaceAll(/[^\x20-\x7e]/g, '')) as Finding);
    const plain = harmless.map((finding) => ({
      ...finding,
      change: {
        ...finding.change,
        ref: { ...finding.change?.ref, id: 'x' },
        name: 'x',
        edits: [{ path: '/tags/x', before: 'x', after: { x: 'x' } }],
      },
      attribution: { ...finding.attribution, actor: { ...finding.attribution.actor, name: 'x' } },
      reasons: ['x'],
      undo: ['x'],
    })) as unknown as Finding[];
    const page = renderHtml(report(nasty));
    expect(tags(page)).toEqual(tags(renderHtml(report(plain))));
    expect(page).not.toMatch(/[\p{Cf}\p{Cs}]|[^\P{Cc}\n]/u);
  });
});
