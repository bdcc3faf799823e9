import { Router } from 'express';

import { NotFoundError } from '../../common/errors.ts';
import { selectJobRuns } from '../../common/store/night-report.ts';
import type { JobRun } from '../../common/store/night-report.ts';
import type { ProcessReport } from '../../common/store/processes.ts';
import { nightHistogram } from '../figures/night-histogram.ts';
import { formatCount } from '../format.ts';
import { SURVEY_NAMES } from '../object-page.ts';
import type { Services } from '../services.ts';
import { describeStatus } from '../status.ts';

/** Rows of the history of jobs. */
const SHOWN_RUNS = 200;

export function statusRoutes(services: Services): Router {
  const router = Router();
  router.get('/status/', async (_req, res) => {
    res.render('status', await model(services));
  });
  router.get('/status/jobs/', async (req, res) => {
    const job = typeof req.query.job === 'string' && req.query.job !== '' ? req.query.job : null;
    const runs = await selectJobRuns(services.context.db, job, SHOWN_RUNS);
    res.render('jobs', {
      title: job === null ? 'Runs of jobs' : `Runs of ${job.slice(0, 64)}`,
      job,
      runs: runs.map((run) => ({ ...run, seconds: durationOf(run) })),
    });
  });
  router.get('/status/:nid/', async (req, res) => {
    const { nid } = req.params;
    if (!/^\d{1,5}$/.test(nid)) {
      throw new NotFoundError(
        'Nights are numbered in whole days since 2017-01-01: /status/3611/ is 2026-11-21.',
      );
    }
    res.render('status', await model(services, Number(nid)));
  });
  return router;
}

function durationOf({ startedAt, endedAt }: JobRun): number | null {
  return endedAt === null ? null : (endedAt.getTime() - startedAt.getTime()) / 1_000;
}

async function model(services: Services, nid?: number) {
  const status = await describeStatus(services, nid);
  const date = status.date.toISOString().slice(0, 10);
  const waiting = status.faults.filter((row) => row.state === 'waiting');
  return {
    ...status,
    title: status.isTonight ? 'Status' : `Night of ${date}`,
    isStatus: true,
    date,
    previousNid: status.nid > 0 ? status.nid - 1 : undefined,
    nextNid: status.isTonight ? undefined : status.nid + 1,
    surveys: status.surveys.map((row) => ({ ...row, name: SURVEY_NAMES[row.survey] })),
    histogram: nightHistogram(status),
    waitingDeadLetters: waiting.reduce((sum, row) => sum + row.count, 0),
    jobs: status.jobs.map((run) => ({ ...run, seconds: durationOf(run) })),
    rebuilds: status.rebuilds.map((row) => ({
      ...row,
      percent: row.total === 0 ? 0 : Math.floor((100 * row.done) / row.total),
    })),
    processes: status.processes.map((row) => ({ ...row, says: describeState(row) })),
    nights: status.nights.map((row) => ({ ...row, date: row.date.toISOString().slice(0, 10) })),
  };
}

/** What a process says of itself in a line: `memory 214 MB, waiting for kafka`. */
function describeState({ state }: ProcessReport): string {
  return Object.entries(state)
    .flatMap(([name, value]) => {
      const text = sayValue(name, value);
      return text === undefined ? [] : [`${wordsOf(name.replace(/Bytes$/, ''))} ${text}`];
    })
    .join(', ')
    .slice(0, 200);
}

function sayValue(name: string, value: unknown): string | undefined {
  if (typeof value === 'number') {
    if (name.endsWith('Bytes')) return `${formatCount(value / 1e6)} MB`;
    return Number.isInteger(value) ? formatCount(value) : value.toPrecision(3);
  }
  if (typeof value === 'string' && value !== '') return value;
  if (Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string')) {
    return value.join(' ');
  }
  return undefined;
}

function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
