/** Files: IIS, and those that the configuration lists, as they are. */
import { z } from 'zod';
import { type Problem, rowsOf, type Section } from './section.ts';

const row = z.union([
  z.object({ path: z.string(), base64: z.base64() }),
  z.object({ path: z.string(), size: z.string().regex(/^\d+$/) }),
  z.object({ path: z.string(), error: z.string(), denied: z.boolean() }),
]);

/** `C:\inetpub\Web.config` → `c/inetpub/web.config`: to Windows capitals mean nothing. */
export function idOf(path: string): string {
  return path
    .replace(/^([A-Za-z]):/, '$1')
    .split(/[\\/]+/)
    .filter((name) => name !== '')
    .join('/')
    .toLowerCase();
}

export const file: Section = {
  word: 'file',
  kind: { format: 'text', title: 'file', location: { type: 'tree', folder: 'windows-files' } },
  read: (rows) => {
    const told = rowsOf(row, rows);
    return {
      items: told.flatMap((each) =>
        'base64' in each ? [{ id: idOf(each.path), name: each.path, config: new Uint8Array(Buffer.from(each.base64, 'base64')) }] : [],
      ),
      problems: told.flatMap((each): Problem[] => {
        if ('size' in each)
          return [{ reason: 'truncated', detail: `${each.path} has ${each.size} bytes; raise maxContent, or do not list it` }];
        if ('error' in each) return [{ reason: each.denied ? 'denied' : 'invalid', detail: `${each.path}: ${each.error}` }];
        return [];
      }),
    };
  },
};
