import { hostname } from 'node:os';

import type { Survey } from '../common/config.ts';
import type { Context } from '../common/context.ts';
import { openDustMaps } from '../common/fits/dust-maps.ts';
import { openCutoutPacks } from '../common/store/cutouts.ts';
import type { CutoutPacks } from '../common/store/cutouts.ts';
import { processName } from '../common/store/processes.ts';
import { createExposureMemory } from '../post_ingest/coverage/exposure-memory.ts';
import { ALL_STEPS } from '../post_ingest/steps/all-steps.ts';
import type { Step } from '../post_ingest/steps/step.ts';
import { startLane } from './pipeline/lane.ts';
import type { Lane, LaneOptions } from './pipeline/lane.ts';
import { createArrivalNotes } from './pipeline/note-arrivals.ts';
import type { StoreTools } from './pipeline/store-batch.ts';
import type { SurveyIngest } from './surveys/survey.ts';
import { openSurvey } from './surveys/surveys.ts';

/** An eighth of the time that a batch has at Rubin's average rate: some hundred fits. */
const FIT_BUDGET_MS = 60;

/** The way of one survey's packets into the database, from the settings. */
export function openLane(
  context: Context,
  name: Survey,
  callbacks: Pick<LaneOptions, 'onStored' | 'onFatal'> & Pick<StoreTools, 'onStage'>,
  steps: readonly Step[] = ALL_STEPS,
): Lane {
  const { config, db, now } = context;
  const log = context.log.with({ survey: name });
  const survey = openStoringSurvey(context, name, steps);
  return startLane(
    {
      db,
      survey: name,
      packs: openOwnPacks(context, name),
      arrivals: createArrivalNotes(db, name),
      processName: processName(),
      now,
      onStage: callbacks.onStage,
    },
    survey,
    {
      batchSize: config.batchSize,
      batchMs: config.batchMs,
      bufferBytes: config.bufferBytes,
      log,
      ...callbacks,
    },
  );
}

/** A survey whose alerts are stored with all that is worked out of them. */
export function openStoringSurvey(
  { config, db, log, now }: Context,
  name: Survey,
  steps: readonly Step[] = ALL_STEPS,
): SurveyIngest {
  // Read from for as long as the process lives.
  const dust = openDustMaps(config.sfdDir);
  return openSurvey(name, config, log, {
    tools: { db, steps, log, now },
    ebvAt: (ra, decl) => dust?.ebvAt(ra, decl) ?? null,
    fitBudgetMs: FIT_BUDGET_MS,
    exposures: createExposureMemory(),
  });
}

/** Packs that this process alone writes: also when a process number comes round again. */
export function openOwnPacks({ config, now }: Context, survey: Survey): CutoutPacks {
  const host = hostname()
    .replace(/[^\w-]/g, '_')
    .slice(0, 32);
  const writer = `${host}-${process.pid}-${now().getTime().toString(36)}`;
  return openCutoutPacks(config.cutoutDir, survey, writer);
}
