import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';

const POLL_MS = 250;
const MAX_READ_BYTES = 1 << 20;

/**
 * Calls `onLine` for every line that is added to a file from now on.
 *
 * @returns Ends the following, after a last look.
 */
export function followLog(file: string, onLine: (line: string) => void): () => void {
  let position = existsSync(file) ? statSync(file).size : 0;
  let rest = '';
  const look = () => {
    if (!existsSync(file)) return;
    const { size } = statSync(file);
    if (size < position) position = 0;
    // A flood is cut: the whole of it is in the file.
    if (size - position > MAX_READ_BYTES) position = size - MAX_READ_BYTES;
    if (size === position) return;
    const bytes = Buffer.alloc(size - position);
    const descriptor = openSync(file, 'r');
    const count = readSync(descriptor, bytes, 0, bytes.length, position);
    closeSync(descriptor);
    position += count;
    const lines = (rest + bytes.toString('utf8', 0, count)).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  };
  const timer = setInterval(look, POLL_MS);
  return () => {
    clearInterval(timer);
    look();
  };
}
