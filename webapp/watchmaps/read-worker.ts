import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

import { InvalidInputError } from '../../common/errors.ts';
import { readMoc } from '../../common/moc/read-moc.ts';
import type { ReadMoc } from '../../common/moc/read-moc.ts';
import type { ThreadAnswer } from '../uploads/read-in-thread.ts';

const { path } = workerData as { path: string };
let answer: ThreadAnswer<ReadMoc>;
try {
  answer = { read: readMoc(readFileSync(path)) };
} catch (err) {
  if (!(err instanceof InvalidInputError)) throw err;
  answer = { problem: err.message };
}
parentPort?.postMessage(answer);
