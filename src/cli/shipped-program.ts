/** What others have to call to run this installation: absolute paths, since their PATH is not ours. */
import { fileURLToPath } from 'node:url';

export interface Program {
  readonly node: string;
  readonly cli: string;
}

export function shippedProgram(): Program {
  return { node: process.execPath, cli: fileURLToPath(new URL('./main.js', import.meta.url)) };
}
