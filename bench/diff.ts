/** P14: the semantic diff of a set in another order, and of a big text, against git's own line diff. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffJson } from '../src/diff/json.ts';
import { diffText } from '../src/diff/text.ts';
import type { Json, Kind } from '../src/model.ts';
import { normalize, parse } from '../src/normalize/normalize.ts';
import { createRedactor } from '../src/normalize/redact.ts';
import { shape } from '../src/normalize/shape.ts';
import { createRandom, type Random } from './data.ts';
import { type Bench, createSamples, measured, type Row, scaled, timed } from './measure.ts';
import { sh } from './programs.ts';

const RULES = 2000;
const LINES = 200_000;
/** Repetitions in a sample: one takes a few milliseconds. */
const REPEATS = 20;

const KIND: Kind = {
  format: 'json',
  title: 'security group',
  sets: [
    { path: '/rules', key: ['direction', 'protocol', 'fromPort', 'toPort', 'cidr'] },
    { path: '/rules/*/tags', key: ['key'], value: 'value' },
  ],
};

export const diff: Bench = {
  goals: ['P14'],
  summary: 'a shuffled security group of 2,000 rules; 10 MB of text with 5 % of its lines changed',
  run: async ({ runs, scale, folder, progress }) => {
    const samples = createSamples();
    const random = createRandom(14);
    const group = makeGroup(RULES, random);
    const shuffled = { ...group, rules: shuffle(group.rules, random) };
    const sizes = [scaled(LINES / 10, scale), scaled(LINES, scale)] as const;
    const texts = sizes.map((count) => makeTexts(count, random));
    const redactor = createRedactor(randomBytes(32));
    const stored = (config: Json) =>
      parse(normalize({ ref: { scope: 'bench', kind: 'bench.group', id: 'sg' }, config }, KIND, redactor).bytes, KIND);
    let edits = 0;
    for (let run = 0; run < runs; run += 1) {
      progress(`run ${run + 1} of ${runs}`);
      const repeated = async (work: () => readonly unknown[]) => {
        const time = await timed(() => {
          for (let repeat = 0; repeat < REPEATS; repeat += 1) edits += work().length;
        });
        return time / REPEATS;
      };
      samples.add('shuffled', await repeated(() => diffJson(shape(group, KIND), shape(shuffled, KIND))));
      samples.add('stored', await repeated(() => diffJson(stored(group), stored(shuffled))));
      for (const [index, { before, after }] of texts.entries()) {
        const files = [join(folder, 'before'), join(folder, 'after')] as const;
        writeFileSync(files[0], before);
        writeFileSync(files[1], after);
        const own = await measured(() => diffText(before, after));
        const git = await measured(() => sh('git', ['diff', '--no-index', '--diff-algorithm=myers', ...files], { codes: [1] }));
        for (const [who, { wall, cpu }] of Object.entries({ own, git })) {
          samples.add(`text ${index} ${who}`, wall);
          samples.add(`text ${index} ${who} cpu`, cpu);
        }
      }
    }
    const size = (index: number) => `${((texts[index]?.before.length ?? 0) / 1e6).toFixed(1)} MB of text, 5 % of its lines changed`;
    const text = (index: number, measure: '' | ' cpu'): Row => ({
      goal: 'P14',
      work: `${size(index)}${measure === '' ? '' : ', CPU'}`,
      product: samples.of(`text ${index} own${measure}`),
      peer: { name: "git's myers", samples: samples.of(`text ${index} git${measure}`), limit: 1.5 },
    });
    return {
      rows: [
        {
          goal: 'P14',
          work: `${RULES} rules in another order: shape both, compare`,
          product: samples.of('shuffled'),
          peer: { name: 'the bound of 15 ms', samples: samples.of('shuffled').map(() => 15), limit: 1 },
        },
        { goal: '', work: '  the same, redacted, printed and parsed too', product: samples.of('stored') },
        ...([0, 1] as const).flatMap((index) => [text(index, ''), text(index, ' cpu')]),
      ],
      notes: [`Edits found between the two orders of the rules: ${edits} (wanted: 0).`],
    };
  },
};

function makeGroup(count: number, random: Random) {
  const rules = Array.from({ length: count }, (_, index) => ({
    direction: index % 5 === 0 ? 'egress' : 'ingress',
    protocol: random(4) === 0 ? 'udp' : 'tcp',
    fromPort: 1024 + index,
    toPort: 1024 + index + random(10),
    cidr: `10.${random(256)}.${random(256)}.0/24`,
    description: `rule ${index} for team ${random(40)}`,
    tags: [
      { key: 'team', value: `team-${random(40)}` },
      { key: 'Name', value: `rule-${index}` },
    ],
  }));
  return { groupId: 'sg-0123456789abcdef0', groupName: 'bench', rules };
}

function shuffle<Item>(items: readonly Item[], random: Random): Item[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = random(last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other] as Item, shuffled[last] as Item];
  }
  return shuffled;
}

/** Lines of which some repeat, as in configuration files; every twentieth differs. */
function makeTexts(count: number, random: Random): { before: string; after: string } {
  const lines = Array.from({ length: count }, (_, index) =>
    index % 10 === 0 ? '' : index % 10 === 1 ? '    option yes;' : `    setting_${index} = value ${random(1_000_000)} of ${random(1000)};`,
  );
  const changed = lines.map((line, index) => (index % 20 === 7 ? `${line} # changed` : line));
  return { before: lines.join('\n'), after: changed.join('\n') };
}
