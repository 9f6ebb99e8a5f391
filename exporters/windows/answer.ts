/** What the collector prints, as sections; and whether it printed all of it. */
import type { Json } from 'drifttrail';
import { z } from 'zod';
import { Refused } from '../_ssh/ssh.ts';

/** The rows of a section, or why the machine could not tell them. */
export type Told = { readonly rows: readonly Json[] } | { readonly error: string; readonly denied: boolean };

export interface Answer {
  /** MachineGuid: made when Windows is installed. */
  readonly machine: string;
  readonly user: string;
  readonly administrator: boolean;
  readonly sections: ReadonlyMap<string, Told>;
}

const line = z.union([
  z.strictObject({ begin: z.literal(1), machine: z.string(), user: z.string(), administrator: z.boolean() }),
  z.strictObject({ section: z.string(), row: z.record(z.string(), z.json()) }),
  z.strictObject({ section: z.string(), rows: z.number().int() }),
  z.strictObject({ section: z.string(), error: z.string(), denied: z.boolean() }),
  z.strictObject({ end: z.number().int() }),
]);
type Line = z.infer<typeof line>;

/** Every line begins with `mark`, which is new each time: what was printed before the first is not ours. Throws `Refused`; nothing of a row is in its message. */
export function readAnswer(output: string, mark: string): Answer {
  const lines = output.split(/\r?\n/);
  const first = lines.findIndex((text) => text.startsWith(`${mark} `));
  if (first < 0) throw new Refused('invalid', 'it did not run what was sent');
  const told = lines
    .slice(first)
    .filter((text, index, { length }) => text !== '' || index < length - 1)
    .map((text, index) => parsed(text, mark, index));
  const [begin, end] = [told[0], told.at(-1)];
  if (begin === undefined || !('begin' in begin)) throw new Refused('invalid', 'the answer has no beginning');
  if (end === undefined || !('end' in end))
    throw new Refused('truncated', 'the connection was cut in the middle of the answer; nothing of it counts');
  if (end.end !== told.length - 1)
    throw new Refused('truncated', `${told.length - 1} of ${end.end} lines of the answer came; nothing of it counts`);
  return { machine: begin.machine, user: begin.user, administrator: begin.administrator, sections: sectionsOf(told) };
}

function parsed(text: string, mark: string, index: number): Line {
  if (text.startsWith(`${mark} `)) {
    try {
      const { success, data } = line.safeParse(JSON.parse(text.slice(mark.length + 1)));
      if (success) return data;
    } catch {
      // Told below: what JSON.parse says would repeat a part of the line.
    }
    // A last line without its end is what is left when the connection is cut.
    if (!text.endsWith('}')) throw new Refused('truncated', 'the connection was cut in the middle of the answer; nothing of it counts');
  }
  throw new Refused('invalid', `line ${index + 1} of the answer is none of the collector's; nothing of it counts`);
}

function sectionsOf(lines: readonly Line[]): Map<string, Told> {
  const rows = new Map<string, Json[]>();
  const sections = new Map<string, Told>();
  for (const told of lines) {
    if (!('section' in told)) continue;
    const { section } = told;
    const before = rows.get(section) ?? [];
    rows.set(section, before);
    if ('row' in told) before.push(told.row);
    else if ('error' in told) sections.set(section, { error: told.error, denied: told.denied });
    else if (told.rows === before.length) sections.set(section, { rows: before });
    else throw new Refused('truncated', `${before.length} of ${told.rows} rows of ${section} came; nothing of it counts`);
  }
  return sections;
}
