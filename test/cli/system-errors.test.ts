import { expect, test } from 'vitest';
import { explained } from '../../src/cli/system-errors.ts';
import { DrifttrailError, describeError } from '../../src/errors.ts';

const refused = (code: string, more: object = {}) => Object.assign(new Error(`${code}: …`), { code, ...more });

test('what the system refuses is said with the path and the remedy', () => {
  expect(describeError(explained(refused('ENOSPC')))).toBe(
    'the disk is full (ENOSPC); make room and run it again; what was committed is whole',
  );
  expect(describeError(explained(refused('EACCES', { path: '/ops/state/key', syscall: 'open' })))).toBe(
    'cannot open /ops/state/key: permission denied (EACCES); run drifttrail as the user who owns the deployment',
  );
});

test('our own errors and defects stay what they are', () => {
  const own = new DrifttrailError({ code: 'x', message: 'y', cause: refused('ENOSPC') });
  const defect = new TypeError('z');
  expect([explained(own), explained(defect), explained('text')]).toEqual([own, defect, 'text']);
});
