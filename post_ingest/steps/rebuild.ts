import { SURVEYS } from '../../common/config.ts';
import { describeError } from '../../common/errors.ts';
import { isRepeatable } from '../../common/store/database.ts';
import { countObjects, selectObjectPage } from '../../common/store/histories.ts';
import { awaitBatches } from '../../common/store/ingest-records.ts';
import {
  advanceRebuild,
  beginRebuild,
  selectRebuilds,
  versionOf,
} from '../../common/store/rebuilds.ts';
import type { Rebuild } from '../../common/store/rebuilds.ts';
import { markStale } from '../../common/store/stale-objects.ts';
import { refreshObjects } from './refresh-objects.ts';
import type { RefreshTools } from './refresh-objects.ts';
import type { Step } from './step.ts';

/** Objects locked and worked on together: few enough not to hold ingest up. */
const PAGE_OBJECTS = 250;

/** Versions of what objects are worked out by: a new one has all of them worked out anew. */
export interface DefinitionVersions {
  features: string;
  /** Of the rules that tell what is around an object. */
  rules: string;
}

/** Notes what a new version of the program asks for: new definitions make all objects stale. */
export async function askForNewVersions(
  { db, now }: RefreshTools,
  versions: DefinitionVersions,
): Promise<void> {
  const rebuilds = await selectRebuilds(db);
  for (const survey of SURVEYS) {
    const begin = (step: string, version: string, total: number, endedAt?: Date) =>
      beginRebuild(db, { survey, step, version, total, now: now(), endedAt });
    if (versionOf(rebuilds, survey, 'features') !== versions.features) {
      const total = await countObjects(db, survey);
      await begin('features', versions.features, total, total === 0 ? now() : undefined);
    }
    const rules = versionOf(rebuilds, survey, 'rules');
    if (rules !== versions.rules) {
      await begin('rules', versions.rules, 0, now());
      const total = await countObjects(db, survey);
      if (total > 0) await begin('context', `rules:${versions.rules}`, total);
    }
  }
}

/** Runs every rebuild that is not at its end, page by page, from where it stands. */
export async function runRebuilds(
  tools: RefreshTools,
  steps: readonly Step[],
  signal: AbortSignal,
  onProgress: (rebuild: Rebuild) => void = () => undefined,
): Promise<number> {
  let objects = 0;
  for (;;) {
    const rebuild = (await selectRebuilds(tools.db)).find(({ endedAt }) => endedAt === null);
    if (rebuild === undefined || signal.aborted) return objects;
    objects += await runPages(tools, rebuild, steps, signal, onProgress);
  }
}

/** @returns How many objects; it ends early if the rebuild is begun anew meanwhile. */
async function runPages(
  tools: RefreshTools,
  begun: Rebuild,
  steps: readonly Step[],
  signal: AbortSignal,
  onProgress: (rebuild: Rebuild) => void,
): Promise<number> {
  const { db, now } = tools;
  const own = steps.filter((step) => step.name === begun.step);
  const total = begun.total === 0 ? await countObjects(db, begun.survey) : begun.total;
  let rebuild = { ...begun, total };
  // A batch that knows nothing yet of what asks for this may hold objects that no page shows.
  if (rebuild.nextId === '') await awaitBatches(db);
  while (!signal.aborted) {
    const ids = await selectObjectPage(db, rebuild.survey, rebuild.nextId, PAGE_OBJECTS);
    if (ids.length > 0) await refreshPage(tools, rebuild, ids, own);
    rebuild = {
      ...rebuild,
      done: rebuild.done + ids.length,
      nextId: ids.at(-1) ?? rebuild.nextId,
      endedAt: ids.length < PAGE_OBJECTS ? now() : null,
    };
    if (!(await advanceRebuild(db, rebuild))) break;
    onProgress(rebuild);
    if (rebuild.endedAt !== null) break;
  }
  return rebuild.done - begun.done;
}

/** Objects that cannot be worked out now are left to those who work off stale ones. */
async function refreshPage(
  tools: RefreshTools,
  { survey, step }: Rebuild,
  ids: readonly string[],
  steps: readonly Step[],
): Promise<void> {
  const mark = (reason: string) =>
    markStale(tools.db, { survey, step, ids, reason, now: tools.now() });
  try {
    const failures = await refreshObjects(tools, survey, ids, steps);
    for (const { reason } of failures.slice(0, 1)) await mark(reason);
  } catch (err) {
    if (isRepeatable(err)) throw err;
    tools.log.error(`rebuild of ${step}: ${ids.length} objects failed`, { err });
    await mark(describeError(err));
  }
}
