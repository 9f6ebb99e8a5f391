import { expect, it } from 'vitest';
import { renderMetrics } from '../../src/report/metrics.ts';
import { STATUS } from '../notify/status.ts';

it('is the text format of Prometheus: every family once with its help and type, every value a number', () => {
  const text = renderMetrics(STATUS);
  const lines = text.trimEnd().split('\n');
  const families = lines.filter((line) => line.startsWith('# TYPE ')).map((line) => line.split(' ')[2] ?? '');
  expect(new Set(families).size).toBe(families.length);
  for (const line of lines.filter((one) => !one.startsWith('#'))) {
    expect(line).toMatch(/^drifttrail_[a-z_]+(?:\{[a-z]+="(?:[^"\\\n]|\\["\\n])*"\})? -?[\d.]+$/);
    expect(families).toContain(/^[a-z_]+/.exec(line)?.[0]);
  }
  expect(text.endsWith('\n')).toBe(true);
});

it('says what stands, what is owed and how old everything is', () => {
  const text = renderMetrics(STATUS);
  for (const line of [
    'drifttrail_snapshot_complete_timestamp_seconds{scope="aws/1/\\"eu\\"\\\\\\n|x"} 1768388400',
    'drifttrail_snapshot_complete_timestamp_seconds{scope="hosts/web01"} 0',
    'drifttrail_findings{level="high"} 1',
    'drifttrail_findings_pending 1',
    'drifttrail_gaps{reason="unreachable"} 1',
    'drifttrail_outbox_waiting{outlet="1-slack"} 3',
    'drifttrail_outbox_dead{outlet="1-slack"} 1',
    'drifttrail_messages_sent_total{outlet="1-slack"} 5',
    'drifttrail_run_duration_seconds 1.5',
  ])
    expect(text.split('\n')).toContain(line);
  expect(renderMetrics({ ...STATUS, gaps: [] })).not.toContain('drifttrail_gaps');
});
