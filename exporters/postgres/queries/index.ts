/** Every question to the catalogues, in the order in which they are asked. */
import { codeReaders } from './code.ts';
import { foreignReaders } from './foreign.ts';
import type { Reader } from './parts.ts';
import { serverReaders } from './server.ts';
import { tableReaders } from './tables.ts';

export const READERS: readonly Reader[] = [...serverReaders, ...codeReaders, ...tableReaders, ...foreignReaders];
