import { SingleBar } from 'cli-progress';
import { Argument, Command, Option } from 'commander';

import { SURVEYS } from '../../common/config.ts';
import type { Survey } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import { countObjects } from '../../common/store/histories.ts';
import { withNamedLock } from '../../common/store/locks.ts';
import { beginRebuild } from '../../common/store/rebuilds.ts';
import { ALL_STEPS } from '../../post_ingest/steps/all-steps.ts';
import { withRefreshTools } from '../../post_ingest/steps/object-features.ts';
import { runRebuilds } from '../../post_ingest/steps/rebuild.ts';
import { rebuildObjects } from '../../post_ingest/steps/step-jobs.ts';
import { withContext } from '../open-context.ts';

const STEPS = ['features', ...ALL_STEPS.map((step) => step.name)];
/** Where there is no terminal, a line is enough so often. */
const LINE_EVERY_MS = 10_000;

/** `bin/glint rebuild`: works all objects out anew, from what is stored. */
export function rebuildCommand(): Command {
  return new Command('rebuild')
    .description('work all objects out anew from what is stored; goes on where it was cut short')
    .addArgument(new Argument('<step>', 'what to work out').choices(STEPS))
    .addOption(new Option('--survey <survey>', 'of one survey only').choices(SURVEYS))
    .option('--resume', 'go on with what was begun, here or by the scheduled job')
    .action((step: string, options: { survey?: Survey; resume?: boolean }) =>
      withContext('rebuild', { servers: 'started' }, (context) => rebuild(context, step, options)),
    );
}

async function rebuild(
  context: Context,
  step: string,
  options: { survey?: Survey; resume?: boolean },
): Promise<void> {
  const { db, now } = context;
  if (options.resume !== true) {
    for (const survey of options.survey === undefined ? SURVEYS : [options.survey]) {
      const version = `asked for ${now().toISOString()}`;
      await beginRebuild(db, {
        survey,
        step,
        version,
        total: await countObjects(db, survey),
        now: now(),
      });
    }
  }
  const progress = showProgress();
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort());
  // The lock of the scheduled job: two would do everything twice.
  const done = await withNamedLock(db, `job.${rebuildObjects.name}`, (lost) =>
    withRefreshTools(context, (tools) =>
      runRebuilds(tools, ALL_STEPS, AbortSignal.any([lost, stopped.signal]), (at) =>
        progress.show(`${at.survey} ${at.step}`, at.done, at.total),
      ),
    ),
  );
  progress.stop();
  if (done === undefined) {
    process.stdout.write('the scheduled job is at it: see /status/\n');
    return;
  }
  const end = stopped.signal.aborted ? '; the rest goes on with --resume or the scheduled job' : '';
  process.stdout.write(`${done.result} objects worked out anew${end}\n`);
}

function showProgress() {
  const bar = new SingleBar({
    format: '{what} {bar} {value}/{total} objects, {speed}/s, {eta_formatted} left',
    stream: process.stderr,
    clearOnComplete: true,
  });
  let shown: string | undefined;
  let startedAt = performance.now();
  let startedWith = 0;
  let saidAt = startedAt;
  return {
    show(what: string, value: number, total: number) {
      if (what !== shown) {
        if (process.stderr.isTTY) bar.start(total, value, { what, speed: 0 });
        shown = what;
        startedAt = performance.now();
        startedWith = value;
      }
      const seconds = (performance.now() - startedAt) / 1_000;
      const speed = Math.round((value - startedWith) / Math.max(seconds, 0.001));
      if (process.stderr.isTTY) bar.update(value, { what, speed });
      else if (performance.now() - saidAt > LINE_EVERY_MS) {
        process.stderr.write(`${what}: ${value} of ${total} objects, ${speed}/s\n`);
        saidAt = performance.now();
      }
    },
    stop: () => bar.stop(),
  };
}
