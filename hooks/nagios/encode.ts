/** The state as a passive check result, as Nagios Core and its kin take it from the folder of check results. */
import { nagiosCode, nagiosLine, type Status } from 'drifttrail';

export interface NagiosService {
  readonly host: string;
  readonly service: string;
}

/** UNKNOWN when something could not be read: what is not seen is not well. */
export function checkResult({ generatedAt, levels, gaps, scopes }: Status, { host, service }: NagiosService): string {
  const holes = gaps.length + scopes.filter(({ complete }) => complete === null).length;
  const status = levels.critical + levels.high > 0 ? 'drift' : holes > 0 ? 'incomplete' : 'none';
  const verdict = { status, counts: levels, holes } as const;
  const seconds = Math.floor(Date.parse(generatedAt) / 1000);
  return [
    '### drifttrail: passive check result ###',
    `file_time=${seconds}`,
    '',
    `host_name=${host}`,
    `service_description=${service}`,
    'check_type=1',
    'scheduled_check=0',
    'reschedule_check=0',
    'latency=0.0',
    `start_time=${seconds}.0`,
    `finish_time=${seconds}.0`,
    'early_timeout=0',
    'exited_ok=1',
    `return_code=${nagiosCode(verdict)}`,
    `output=${nagiosLine(verdict)}`,
    '',
  ].join('\n');
}
