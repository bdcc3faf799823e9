import type { Survey } from '../../common/config.ts';
import { describeError, UpstreamError } from '../../common/errors.ts';
import type { ObjectContext } from '../../common/features/object-context.ts';
import type { Log } from '../../common/log.ts';
import type { StepReport } from '../../common/store/batches.ts';
import { isRepeatable } from '../../common/store/database.ts';
import type { Queries, ServerKind, Transaction } from '../../common/store/database.ts';
import { markStale } from '../../common/store/stale-objects.ts';
import type { Findings, PlacedObject, Step, StepName } from './step.ts';

export interface StepTools {
  /** For what steps read: not the connection of the batch's transaction. */
  db: Queries;
  steps: readonly Step[];
  log: Log;
  now: () => Date;
}

/** A step longer than this counts as failed: the stream goes on without it. */
const LONGEST_STEP_MS = 20_000;

/**
 * Steps that did not answer in time and have not answered yet, by the pool whose connections they
 * hold. They are not asked again meanwhile: each batch would wait for them, until none is left.
 */
const lateSteps = new WeakMap<Queries, Set<StepName>>();

/** What all steps found out about a set of objects. */
export interface StepResults {
  facts: ReadonlyMap<string, Partial<ObjectContext>>;
  /** Steps that failed, each with the reason: their objects are to be marked. */
  failures: { step: StepName; reason: string }[];
  /** What each step did, failures among them: so far. */
  reports(): StepReport[];
  /**
   * Writes what was found, and marks the objects of steps that failed, now or before.
   *
   * @throws {UpstreamError} if the whole transaction is lost and should be repeated.
   */
  write(tx: Transaction, server: ServerKind): Promise<void>;
}

/**
 * Runs the steps on these objects. A step that fails costs its own results only.
 *
 * @param shifted - What exact steps are asked about: the same objects, and those moved by less.
 */
export async function findAll(
  tools: StepTools,
  survey: Survey,
  objects: readonly PlacedObject[],
  shifted: readonly PlacedObject[] = objects,
): Promise<StepResults> {
  const objectsOf = (step: Step) => (step.isExact === true ? shifted : objects);
  const failures: StepResults['failures'] = [];
  const findings: { step: Step; found: Findings }[] = [];
  const times = new Map<Step, number>();
  await Promise.all(
    tools.steps.map(async (step) => {
      if (objectsOf(step).length === 0) return;
      const startedAt = performance.now();
      try {
        const found = await findInTime(tools.db, step, survey, objectsOf(step));
        findings.push({ step, found });
      } catch (err) {
        // The stream goes on: the scheduler tries this step again.
        fail(step, err);
      } finally {
        times.set(step, performance.now() - startedAt);
      }
    }),
  );
  const facts = new Map<string, Partial<ObjectContext>>();
  for (const { found } of findings)
    for (const [id, known] of found.facts) facts.set(id, { ...facts.get(id), ...known });
  return {
    facts,
    failures,
    reports: () =>
      [...times].map(([step, ms]) => {
        const failure = failures.find((failed) => failed.step === step.name)?.reason;
        return {
          step: step.name,
          objects: objectsOf(step).length,
          ms: Math.round(10 * ms) / 10,
          ...(failure !== undefined && { failure }),
        };
      }),
    async write(tx, server) {
      for (const { step, found } of findings) {
        // A step that cannot write must not take the detections of the batch with it.
        await tx.execute('SAVEPOINT step');
        try {
          await found.write(tx, server);
          await tx.execute('RELEASE SAVEPOINT step');
        } catch (err) {
          if (isRepeatable(err)) throw err;
          await tx.execute('ROLLBACK TO SAVEPOINT step');
          fail(step, err);
        }
      }
      for (const { step: name, reason } of failures) {
        const step = tools.steps.find((each) => each.name === name);
        const ids = (step === undefined ? objects : objectsOf(step)).map(({ id }) => id);
        await markStale(tx, { survey, step: name, ids, reason, now: tools.now() });
      }
    },
  };

  function fail(step: Step, err: unknown): void {
    const reason = describeError(err);
    failures.push({ step: step.name, reason });
    tools.log.error(`step ${step.name} failed for ${objectsOf(step).length} objects: ${reason}`, {
      err,
    });
  }
}

async function findInTime(
  db: Queries,
  step: Step,
  survey: Survey,
  objects: readonly PlacedObject[],
): Promise<Findings> {
  const late = lateSteps.get(db) ?? new Set();
  lateSteps.set(db, late);
  if (late.has(step.name)) throw new UpstreamError('it has not answered an earlier question yet');
  const limitMs = step.limitMs ?? LONGEST_STEP_MS;
  const finding = step.find(db, survey, objects);
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late.add(step.name);
      const isAnswered = () => void late.delete(step.name);
      finding.then(isAnswered, isAnswered);
      reject(new UpstreamError(`it took longer than ${limitMs / 1_000} s`));
    }, limitMs);
  });
  try {
    return await Promise.race([finding, limit]);
  } finally {
    clearTimeout(timer);
  }
}
