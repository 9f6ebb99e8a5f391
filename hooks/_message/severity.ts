/** Threat levels as syslog severities (RFC 5424, 6.2.1), which GELF uses too. */
import type { Level } from 'drifttrail';

export const SEVERITY: Readonly<Record<Level, number>> = { critical: 2, high: 3, medium: 4, low: 5, info: 6 };
