/** The check of the secrets that the configuration names: whether they are there, and who else can read them. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { exposedMode, isCertificate } from '../config/exposed.ts';
import type { Deployment } from '../deployment.ts';
import type { DrifttrailError } from '../errors.ts';
import { type CheckResult, ok } from './doctor-result.ts';

export function checkSecrets({ dir, config, exporters, trails, hooks }: Deployment): CheckResult[] {
  const lacking = [...exporters, ...trails, ...hooks].flatMap(({ use, unset }) => (unset === undefined ? [] : [missing(use, unset)]));
  const files = new Set(filesNamed([config.exporters, config.trail, config.hooks]).map((name) => resolve(dir, name)));
  const open = [...files].flatMap((file): CheckResult[] => {
    const mode = existsSync(file) && !isCertificate(file) ? exposedMode(file) : undefined;
    if (mode === undefined) return [];
    return [
      { name: 'secrets', status: 'warn', detail: `everybody on this machine can read ${file} (mode ${mode})`, fix: `chmod 600 ${file}` },
    ];
  });
  const found = [...new Map(lacking.map((one) => [one.detail, one])).values(), ...open];
  return found.length === 0 ? [ok('secrets', 'all that the configuration names are there')] : found;
}

function missing(use: string, { message, remedy, position }: DrifttrailError): CheckResult {
  const where = position === undefined ? '' : `${position.file}:${position.line}: `;
  return { name: 'secrets', status: 'fail', detail: `${where}${use}: ${message}`, ...(remedy === undefined ? {} : { fix: remedy }) };
}

function filesNamed(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith('file:') ? [value.slice(5)] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(filesNamed) : [];
}
