import { parentPort, workerData } from 'node:worker_threads';

import { findPeriod } from './find-period.ts';
import { bandsOfHistory } from './history-bands.ts';
import type { PeriodOrder } from './period-order.ts';

/** A thread that searches one history for its period, answers and ends. */
const { survey, points } = workerData as PeriodOrder;
parentPort?.postMessage(findPeriod(bandsOfHistory(survey, Buffer.from(points))));
