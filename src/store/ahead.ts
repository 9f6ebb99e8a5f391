/** Hands new files to git while others are still being worked out: on two processors both then work at once. */
import { type Import, openImport } from './fast-import.ts';
import type { Git } from './git.ts';

/** For fewer files a second process at work is not worth it: they go with the commit. */
const MANY = 1000;

export interface Ahead {
  /**
   * Only bytes that may be stored: they are in the repository from now on, though nothing refers to them. False for
   * what it leaves to the commit; when it took it, the commit names it by its id.
   */
  readonly take: (content: Uint8Array) => Promise<boolean>;
  /** The import that has what was taken; a new one when that is nothing, and at each later call. The caller ends it. */
  readonly finish: () => Import;
  /** Does nothing after `finish`. */
  readonly abandon: () => Promise<void>;
}

export function openAhead(git: Git, many: number = MANY): Ahead {
  let seen = 0;
  let started: Import | undefined;
  return {
    take: async (content) => {
      seen += 1;
      if (seen <= many) return false;
      started ??= openImport(git);
      await started.blob(content);
      return true;
    },
    finish: () => {
      const made = started ?? openImport(git);
      started = undefined;
      return made;
    },
    abandon: async () => {
      await started?.abandon();
      started = undefined;
    },
  };
}
