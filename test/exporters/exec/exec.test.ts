/** What a program tells becomes the expected files, in any order, without secrets. */
import { conformance } from 'drifttrail/testing';
import { describe, expect, it } from 'vitest';
import exporter from '../../../exporters/exec/index.ts';

const folder = (name: string) => new URL(`../../fixtures/exec/${name}/`, import.meta.url);
const first = {
  name: 'lines',
  folder: folder('first'),
  options: () => ({
    name: 'lb',
    command: ['cat', 'output.jsonl'],
    kinds: {
      pool: {
        sets: [{ path: '/members', key: ['address', 'port'] }],
        secret: ['/session/key'],
        volatile: [{ path: '/uptime', because: 'seconds since the start: 12345' }],
      },
      script: { format: 'text', extension: '.tcl' },
      certificate: {},
      license: { title: 'licence' },
    },
  }),
  gaps: ['exec/lb exec.license denied'],
};
const files = {
  name: 'files',
  folder: folder('files'),
  options: () => ({ name: 'app', command: ['sh', 'write.sh'], output: 'files' }),
  gaps: ['exec/app exec.file invalid'],
};
conformance(exporter, [first, files], { describe, it, expect });
