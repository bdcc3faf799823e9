import { hostname } from 'node:os';

import type { Survey } from '../common/config.ts';
import type { Context } from '../common/context.ts';
import { openCutoutPacks } from '../common/store/cutouts.ts';
import type { CutoutPacks } from '../common/store/cutouts.ts';
import { processName } from '../common/store/processes.ts';
import { ALL_STEPS } from '../post_ingest/steps/all-steps.ts';
import { startLane } from './pipeline/lane.ts';
import type { Lane, LaneOptions } from './pipeline/lane.ts';
import type { StoreTools } from './pipeline/store-batch.ts';
import type { SurveyIngest } from './surveys/survey.ts';
import { openSurvey } from './surveys/surveys.ts';

/** A batch at Rubin's average rate has about twice this time. */
const FIT_BUDGET_MS = 250;

/** The way of one survey's packets into the database, from the settings. */
export function openLane(
  context: Context,
  name: Survey,
  callbacks: Pick<LaneOptions, 'onStored' | 'onFatal'> & Pick<StoreTools, 'onStage'>,
): Lane {
  const { config, db, now } = context;
  const log = context.log.with({ survey: name });
  const survey = openStoringSurvey(context, name);
  return startLane(
    {
      db,
      survey: name,
      packs: openOwnPacks(context, name),
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
export function openStoringSurvey({ config, db, log, now }: Context, name: Survey): SurveyIngest {
  return openSurvey(name, config, log, {
    tools: { db, steps: ALL_STEPS, log, now },
    ebvAt: () => null,
    fitBudgetMs: FIT_BUDGET_MS,
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
