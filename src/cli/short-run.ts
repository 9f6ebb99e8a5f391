/** A run ends before most optimized code would pay for its making, so V8 is told to wait with it. */
import { setFlagsFromString } from 'node:v8';

/**
 * How much bytecode a function runs before it is optimized, about twice the default: a seventh of the processor time of a
 * quiet snapshot, nothing that could be measured of one of 6,000 new files. Only where it was measured: a flag that a V8
 * does not know is complained of on stderr. https://nodejs.org/api/v8.html#v8setflagsfromstringflags
 */
export function optimizeLater(): void {
  if (process.versions.node.startsWith('20.')) setFlagsFromString('--interrupt-budget=300000');
}
