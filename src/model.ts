/** The words of drifttrail as types: plain data that every stage and plug-in shares. Times are UTC ISO 8601. */
export * from './model/change.ts';
export * from './model/event.ts';
export * from './model/exporter.ts';
export * from './model/finding.ts';
export * from './model/hook.ts';
export * from './model/kind.ts';
export * from './model/resource.ts';
export * from './model/surroundings.ts';
export * from './model/trail.ts';
