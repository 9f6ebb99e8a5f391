/** Bytes over a stream that answers nothing: written, flushed, and closed by both before it counts as delivered. */
import type { Socket } from 'node:net';

/** Milliseconds that the other side may take to close after it has everything. */
const CLOSING = 2000;

/** Rejects when the connection breaks before all was handed over. */
export function pour(socket: Socket, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const stop = () => socket.destroy(new Error('stopped'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    let handed = false;
    socket.once('error', reject);
    socket.once('close', () => {
      signal.removeEventListener('abort', stop);
      if (handed) resolve();
      else reject(new Error('closed early'));
    });
    socket.resume();
    socket.end(bytes, () => {
      handed = true;
      setTimeout(() => socket.destroy(), CLOSING).unref();
    });
  });
}
