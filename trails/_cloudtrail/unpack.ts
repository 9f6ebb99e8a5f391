/** What stands in a log file, whether it is packed or not. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const inflate = promisify(gunzip);
/** Bytes. A log file of some hundred kilobytes becomes megabytes. */
const SMALLEST_PIECE = 256 * 1024;
const LARGEST_PIECE = 16 * 1024 * 1024;

/** Unpacks in another thread. Throws what zlib says of a damaged archive. */
export async function unpacked(bytes: Buffer): Promise<Buffer> {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? inflate(bytes, { chunkSize: pieceOf(bytes) }) : bytes;
}

/** In one piece where the archive tells its size (RFC 1952, ISIZE), which may be wrong: no copy to join them, and half of the memory. */
function pieceOf(bytes: Buffer): number {
  const size = bytes.length < 4 ? 0 : bytes.readUInt32LE(bytes.length - 4);
  return Math.min(Math.max(size + 1, SMALLEST_PIECE), LARGEST_PIECE);
}
