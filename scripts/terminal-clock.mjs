// Loaded before the program by scripts/terminal-session.mjs: a clock that starts at a given moment and stands, and run ids that
// are counted, so that the same recording gives the same commits.
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

const moment = Date.parse(process.env['TERMINAL_CLOCK'] ?? '');
if (Number.isNaN(moment)) throw new Error('TERMINAL_CLOCK is no time');
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...args) {
    if (args.length === 0) super(moment);
    else super(...args);
  }
  static now() {
    return moment;
  }
};
let count = 0;
crypto.randomUUID = () => `00000000-0000-4000-8000-${String(moment / 1000 + count++).padStart(12, '0')}`;
syncBuiltinESMExports();
