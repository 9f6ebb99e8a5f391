/** Reads the files on standard input twice each, as a changed file is, and names those that were taken for data. */
import { readFileSync } from 'node:fs';
import { documentOf } from '../../src/diff/document.ts';

const files = JSON.parse(readFileSync(0, 'utf8')) as readonly (readonly [string, string])[];
for (const [path, text] of [...files, ...files])
  if (documentOf(path, text) !== undefined) process.stdout.write(`${path} ${text.slice(0, 20)} ${text.length}\n`);
