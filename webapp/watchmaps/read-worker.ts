import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

import { InvalidInputError } from '../../common/errors.ts';
import { readMoc } from '../../common/moc/read-moc.ts';
import type { ReadAnswer } from './read-upload.ts';

const { path } = workerData as { path: string };
let answer: ReadAnswer;
try {
  const { moc, hadOverlaps, format } = readMoc(readFileSync(path));
  answer = { moc, hadOverlaps, format };
} catch (err) {
  if (!(err instanceof InvalidInputError)) throw err;
  answer = { problem: err.message };
}
parentPort?.postMessage(answer);
