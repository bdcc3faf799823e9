import { Command } from 'commander';

import { NotFoundError } from '../../common/errors.ts';
import { ALL_JOBS } from '../../post_ingest/jobs.ts';
import { runJob } from '../../post_ingest/run-job.ts';
import { startJobs } from '../../post_ingest/start-jobs.ts';
import { withContext } from '../open-context.ts';
import { runProcess } from '../run-process.ts';

export function jobsCommand(): Command {
  return new Command('jobs')
    .description('run the scheduled jobs; each runs in one process of all that do so')
    .option('--run <name>', 'run one job now, and end')
    .option('--list', 'list the jobs')
    .action(async (options: { run?: string; list?: boolean }) => {
      if (options.list) listJobs();
      else if (options.run !== undefined) await runNow(options.run);
      else await runProcess('jobs', startJobs);
    });
}

function listJobs(): void {
  for (const { name, schedule, description } of ALL_JOBS) {
    process.stdout.write(`${name.padEnd(20)} ${schedule.padEnd(14)} ${description}\n`);
  }
}

async function runNow(name: string): Promise<void> {
  const job = ALL_JOBS.find((candidate) => candidate.name === name);
  if (job === undefined) {
    const names = ALL_JOBS.map((known) => known.name).join(', ');
    throw new NotFoundError(`there is no job ${name}; the jobs are ${names}`);
  }
  const outcome = await withContext('jobs', { servers: 'started' }, (context) =>
    runJob(context, job),
  );
  switch (outcome.state) {
    case 'done':
      process.stdout.write(`${name}: ${outcome.outcome}\n`);
      return;
    case 'failed':
      throw outcome.error;
    case 'elsewhere':
      process.stdout.write(`${name}: another process is running it\n`);
  }
}
