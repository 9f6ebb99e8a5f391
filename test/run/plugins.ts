/** Plug-ins for tests as strangers ship them: folders of plain JavaScript that read what the test says from a file. */

const HEAD = `import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
const json = (file, or) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : or);
`;

/** Yields what `state` holds: resources, complete, gaps, identities; throws when told so. */
const EXPORTER = `${HEAD}
const set = (name, op) => ({
  source: 'fake', name,
  effects: ({ account, region, request }) => {
    const ref = { scope: \`fake/\${account}/\${region}\`, kind: 'fake.thing', id: request.id };
    return [{ ref, op, path: request.path ?? '', ...(request.value === undefined ? {} : { value: request.value }) }];
  },
});
export default {
  name: 'fake',
  summary: 'what the test says',
  options: z.strictObject({ state: z.string(), pause: z.number().default(0), limit: z.strictObject({ perSecond: z.number().positive() }).optional() }),
  scopes: { root: 'fake', depth: 3 },
  kinds: {
    'fake.thing': {
      format: 'json', title: 'thing',
      events: [set('Put', 'set'), set('Unset', 'unset'), set('Create', 'create'), set('Delete', 'delete')],
      undo: ({ ref }) => [\`restore '\${ref.id}'\`],
    },
    'fake.package': { format: 'json', title: 'package list', collection: true },
  },
  async *collect({ options, dir, complete, gap, identity, sleep }) {
    const state = json(join(dir, options.state), {});
    for (const [scope, id] of Object.entries(state.identities ?? {})) identity(scope, id);
    for (const [scope, kind, id, config] of state.resources ?? []) {
      if (options.pause > 0) await sleep(options.pause);
      yield { ref: { scope, kind, id }, config };
    }
    if (state.fail !== undefined) throw new Error(state.fail);
    for (const [scope, kind] of state.complete ?? []) complete(scope, kind);
    for (const entry of state.gaps ?? []) gap(entry);
  },
};
`;

/** Delivers the events of \`events.json\` that are wanted, and corrections as a bucket does: as new files, whatever is asked for. */
const TRAIL = `${HEAD}
export default {
  name: 'tape',
  summary: 'events from a file',
  options: z.strictObject({ file: z.string() }),
  async *read({ options, dir, window, covered, gap }) {
    const { events, gaps = [] } = json(join(dir, options.file), { events: [] });
    for (const event of events) if (event.addendum === true || (event.time >= window.from && event.time <= window.to)) yield event;
    for (const entry of gaps) gap(entry);
    if (gaps.length === 0) covered({ account: 'a', region: 'r', ...window });
  },
};
`;

/** Appends each message to a file; answers as the file beside it says. */
const HOOK = `${HEAD}
export default {
  name: 'recorder',
  summary: 'messages to a file',
  options: z.strictObject({ file: z.string(), token: z.string().min(1).meta({ secret: true }).optional() }),
  async deliver(message, signal, { options, dir }) {
    const answer = json(join(dir, \`\${options.file}.answer\`), { status: 'delivered', detail: 'kept' });
    if (answer.status === 'delivered') appendFileSync(join(dir, options.file), \`\${JSON.stringify(message)}\\n\`);
    return answer;
  },
};
`;

/** Whatever it changes is critical when the leaf is called so. */
const RULES = `- id: fake-critical
  kinds: [fake.thing]
  when: change.type == 'modified' && change.edits.exists(e, e.path == '/critical')
  level: critical
  score: 95
  threat: exposure
  reason: "{{ resource }} is critical now"
  falsePositives: [none]
  examples:
    true:
      - change: { kind: fake.thing, edits: [{ path: /critical, before: false, after: true }] }
    false:
      - change: { kind: fake.thing, edits: [{ path: /size, before: 1, after: 2 }] }
`;

export const PLUGIN_FILES: Readonly<Record<string, string>> = {
  'plugins/fake/index.mjs': EXPORTER,
  'plugins/tape/index.mjs': TRAIL,
  'plugins/recorder/index.mjs': HOOK,
  'rules/fake.yaml': RULES,
};
