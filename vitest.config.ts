import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const alias = [
  { find: /^drifttrail$/, replacement: new URL('./src/index.ts', import.meta.url).pathname },
  { find: /^drifttrail\/testing$/, replacement: new URL('./src/testing.ts', import.meta.url).pathname },
];

// The user's own git configuration must not decide whether a test passes.
const env = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  NO_COLOR: '1',
};

const project = (name: string, include: string[], exclude: string[] = [], isolate = true) => ({
  resolve: { alias },
  test: { name, include, exclude: ['node_modules/**', 'dist/**', ...exclude], env, isolate, testTimeout: 60_000, hookTimeout: 60_000 },
});

const OTHERS = ['test/**/*.integration.test.ts', 'test/**/*.faults.test.ts'];
/** Mostly pure functions, which leave nothing behind for the next file: what they import is loaded once for all of them. */
const FUNCTIONS = [
  'test/{attribute,compare,config,diff,eval,exporters,hooks,normalize,pipeline,questions,rank,report,trails}/**/*.test.ts',
];
/** These change what others see: timers, modules, the environment. */
const ALONE = ['test/exporters/aws/accounts.test.ts', 'test/trails/{lake-athena,lookup-events}.test.ts'];

export default defineConfig({
  test: {
    globalSetup: 'test/build.ts',
    // The tests wait for git more than they compute: a worker per processor, and one more.
    maxWorkers: availableParallelism() + 1,
    projects: [
      project('unit', ['test/**/*.test.ts'], [...OTHERS, ...FUNCTIONS]),
      project('functions', FUNCTIONS, [...OTHERS, ...ALONE], false),
      project('alone', ALONE),
      project('integration', ['test/**/*.integration.test.ts']),
      project('faults', ['test/**/*.faults.test.ts', 'test/store/*.test.ts', 'test/normalize/*.test.ts']),
    ],
  },
});
