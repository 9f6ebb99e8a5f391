/** Plays what a database server answered, from files, and writes such files from a real one. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Connection, Refused, type Row } from '../../exporters/_sql/connection.ts';

interface Recording {
  readonly version: number;
  readonly answers: Readonly<Record<string, readonly Row[] | { readonly refused: string; readonly reason: 'denied' | 'invalid' }>>;
}

/** A file for each database; a question that was not recorded fails. */
export async function replay({ database }: { readonly database: string }, dir: string): Promise<Connection> {
  const file = join(dir, `${database || 'server'}.json`);
  if (!existsSync(file)) throw new Refused(`there is no database ${database}`, 'unreachable', true);
  const { version, answers } = JSON.parse(readFileSync(file, 'utf8')) as Recording;
  return {
    version,
    query: (name) => {
      const answer = answers[name];
      if (Array.isArray(answer)) return Promise.resolve(answer as readonly Row[]);
      if (answer !== undefined && 'refused' in answer) return Promise.reject(new Refused(answer.refused, answer.reason));
      return /^(begin|savepoint|rollback)$/.test(name)
        ? Promise.resolve([])
        : Promise.reject(new Error(`nothing was recorded for ${name}`));
    },
    close: () => Promise.resolve(),
  };
}

/** The same connections, whose answers are kept in a folder. */
export function recorder<Target extends { readonly database: string }>(
  connect: (target: Target, dir: string, signal: AbortSignal) => Promise<Connection>,
  folder: string,
): typeof connect {
  mkdirSync(folder, { recursive: true });
  return async (target, dir, signal) => {
    const connection = await connect(target, dir, signal);
    const answers: Record<string, unknown> = {};
    const query: Connection['query'] = async (name, sql) => {
      try {
        const rows = await connection.query(name, sql);
        if (!/^(begin|savepoint|rollback)$/.test(name)) answers[name] = rows;
        return rows;
      } catch (error) {
        if (error instanceof Refused) answers[name] = { refused: error.message, reason: error.reason };
        throw error;
      }
    };
    const close = async () => {
      await connection.close();
      const file = join(folder, `${target.database || 'server'}.json`);
      const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Recording).answers : {};
      writeFileSync(file, `${JSON.stringify({ version: connection.version, answers: { ...known, ...answers } }, null, 1)}\n`);
    };
    return { version: connection.version, query, close };
  };
}

/** Where the server was on the machine that recorded it means nothing; and where nothing happened rows come in another order. */
export function reversed(calls: string, quiet: string, place: string): void {
  for (const folder of [calls, quiet]) {
    for (const name of readdirSync(folder)) {
      const file = join(folder, name);
      const recording = JSON.parse(
        readFileSync(file, 'utf8').replaceAll(place.replace(/\/s(?:\.sock)?$/, ''), '/srv/database'),
      ) as Recording;
      const answers = Object.entries(recording.answers).map(([question, rows]) => [
        question,
        folder === quiet && Array.isArray(rows) ? rows.reverse() : rows,
      ]);
      writeFileSync(file, `${JSON.stringify({ ...recording, answers: Object.fromEntries(answers) }, null, 1)}\n`);
    }
  }
}
