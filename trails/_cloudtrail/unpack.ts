/** What stands in a log file, whether it is packed or not. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const inflate = promisify(gunzip);
/** Bytes. A file of some hundred kilobytes becomes megabytes: larger pieces than usual mean fewer turns. */
const PIECE = 256 * 1024;

/** Unpacks in another thread. Throws what zlib says of a damaged archive. */
export async function unpacked(bytes: Buffer): Promise<Buffer> {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? inflate(bytes, { chunkSize: PIECE }) : bytes;
}
