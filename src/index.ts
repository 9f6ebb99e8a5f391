/** The public API: what exporters, hooks and trails, ours or not, may import. */
export * from './model.ts';
export { DrifttrailError, describeError } from './errors.ts';
export { requirePlain } from './plain-file.ts';
export { contains, escapeSegment, isObject, matchesPattern, pointer, segmentsOf, unescapeSegment, valueAt } from './pointer.ts';
export { createLimiter, type Limiter } from './collect/limiter.ts';
export { cut, neutralise, neutraliseLine } from './notify/escape.ts';
export { keyed } from './normalize/lists.ts';
export { storedText } from './normalize/normalize.ts';
export { secret } from './config/secrets.ts';
export { renderMetrics } from './report/metrics.ts';
export { nagiosCode, nagiosLine } from './report/nagios.ts';
