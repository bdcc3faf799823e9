import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

import { InvalidInputError } from '../../common/errors.ts';
import { readMoc } from '../../common/moc/read-moc.ts';
import type { ReadMoc } from '../../common/moc/read-moc.ts';
import type { ThreadAnswer, ThreadTask } from '../uploads/read-in-thread.ts';

const { input } = workerData as ThreadTask<{ path: string }>;
let answer: ThreadAnswer<ReadMoc>;
try {
  answer = { read: readMoc(readFileSync(input.path)) };
} catch (err) {
  if (!(err instanceof InvalidInputError)) throw err;
  answer = { problem: err.message };
}
parentPort?.postMessage(answer);
