/** Writes a tar archive (POSIX ustar, pax headers for long names): the same files give the same bytes. */

export interface TarFile {
  /** Relative, with `/`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;

/** In order of name; all files have this time, mode 0644 and no owner. `time` in seconds since 1970. */
export function tar(files: readonly TarFile[], time: number): Buffer {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return Buffer.concat([...sorted.flatMap((file) => entry(file, time)), Buffer.alloc(2 * BLOCK)]);
}

function entry({ name, bytes }: TarFile, time: number): Buffer[] {
  const isPlain = Buffer.byteLength(name) <= 100 && /^[ -~]*$/.test(name);
  if (isPlain) return [header(name, bytes.length, time, '0'), ...padded(bytes)];
  const record = paxRecord('path', name);
  return [header('pax', record.length, time, 'x'), ...padded(record), header(short(name), bytes.length, time, '0'), ...padded(bytes)];
}

/** For readers that know no pax headers. */
function short(name: string): string {
  return name.replace(/[^ -~]/g, '_').slice(0, 100);
}

/** `<length> path=<name>\n`, the length counting itself. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

function header(name: string, size: number, time: number, type: '0' | 'x'): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  block.write(name, 0, 100, 'utf8');
  block.write(octal(0o644, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(time, 11), 136);
  block.write(' '.repeat(8), 148);
  block.write(type, 156);
  block.write('ustar\x0000', 257);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function padded(bytes: Uint8Array): Buffer[] {
  return [Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)];
}
