import type { Survey } from '../../common/config.ts';
import { SURVEYS } from '../../common/config.ts';
import { describeError } from '../../common/errors.ts';
import { isRepeatable } from '../../common/store/database.ts';
import { clearStale, postponeStale, selectDueObjects } from '../../common/store/stale-objects.ts';
import type { DueObject } from '../../common/store/stale-objects.ts';
import { askFiltersAgain } from './ask-filters.ts';
import { refreshObjects } from './refresh-objects.ts';
import type { RefreshTools } from './refresh-objects.ts';
import type { Step, StepName } from './step.ts';

/** Objects worked on together. */
const GROUP_OBJECTS = 250;
/** A step that failed is tried again after so long, twice as long each time. */
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 86_400_000;
const LAST_DOUBLING = 11;

export interface WorkedOff {
  done: number;
  failed: number;
}

/**
 * Does what is due for stale objects, those that wait longest first, until nothing is due or the
 * time is up. An object whose turn fails waits longer each time, and never holds up the others.
 *
 * @param endsAt - When to leave the rest for the next run: Unix time, milliseconds.
 */
export async function workOffStale(
  tools: RefreshTools,
  steps: readonly Step[],
  signal: AbortSignal,
  endsAt: number,
): Promise<WorkedOff> {
  const worked: WorkedOff = { done: 0, failed: 0 };
  const names: StepName[] = ['features', 'fit', ...steps.map((step) => step.name)];
  for (const survey of SURVEYS) {
    for (const name of names) {
      const own = steps.filter((step) => step.name === name);
      for (;;) {
        if (signal.aborted || tools.now().getTime() >= endsAt) return worked;
        const now = tools.now();
        const due = await selectDueObjects(tools.db, {
          survey,
          step: name,
          now,
          count: GROUP_OBJECTS,
        });
        if (due.length === 0) break;
        await workOff(tools, { survey, name, steps: own, worked }, due);
      }
    }
  }
  return worked;
}

interface Turn {
  survey: Survey;
  name: StepName;
  steps: readonly Step[];
  worked: WorkedOff;
}

async function workOff(tools: RefreshTools, turn: Turn, due: readonly DueObject[]): Promise<void> {
  const reason = await tryTurn(tools, turn, due);
  if (reason === undefined) return;
  if (due.length === 1) return postpone(tools, turn, due, reason);
  const [first, last] = [due[0], due[due.length - 1]];
  const ofFirst = await tryTurn(tools, turn, [first]);
  const ofLast = due.length === 2 ? undefined : await tryTurn(tools, turn, [last]);
  if (ofFirst === reason && ofLast === reason) {
    // Not the objects are at fault: nothing is gained by trying each.
    return postpone(tools, turn, due, reason);
  }
  if (ofFirst !== undefined) await postpone(tools, turn, [first], ofFirst);
  if (ofLast !== undefined) await postpone(tools, turn, [last], ofLast);
  const rest = due.length === 2 ? due.slice(1) : due.slice(1, -1);
  // One of them may be at fault for all: halves find it.
  const middle = (rest.length + 1) >> 1;
  await workOff(tools, turn, rest.slice(0, middle));
  if (middle < rest.length) await workOff(tools, turn, rest.slice(middle));
}

/** @returns Why it failed; undefined if it is done. */
async function tryTurn(
  tools: RefreshTools,
  { survey, name, steps, worked }: Turn,
  due: readonly DueObject[],
): Promise<string | undefined> {
  const ids = due.map(({ id }) => id);
  const reason = await reasonOfFailure(async () => {
    const failures = await refreshObjects(tools, survey, ids, steps, async (tx, failed) => {
      if (failed.some(({ step }) => step === name)) return;
      await clearStale(tx, { survey, step: name, objects: due });
      await askFiltersAgain(tx, survey, due, tools.now());
    });
    return failures.find(({ step }) => step === name)?.reason;
  });
  if (reason !== undefined) return reason;
  worked.done += ids.length;
  return undefined;
}

async function postpone(
  tools: RefreshTools,
  { survey, name, worked }: Turn,
  due: readonly DueObject[],
  reason: string,
): Promise<void> {
  const tries = Math.max(...due.map((each) => each.tries));
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(tries, LAST_DOUBLING), LONGEST_PAUSE_MS);
  const dueAt = new Date(tools.now().getTime() + pauseMs);
  const ids = due.map(({ id }) => id);
  await postponeStale(tools.db, { survey, step: name, ids, reason, dueAt });
  worked.failed += ids.length;
  tools.log.warn(`step ${name} failed again for ${ids.length} ${survey} objects: ${reason}`);
}

async function reasonOfFailure(
  work: () => Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    return await work();
  } catch (err) {
    // Without a database nothing can be noted either: the next run goes on.
    if (isRepeatable(err)) throw err;
    return describeError(err);
  }
}
