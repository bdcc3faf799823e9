import type { Survey } from '../../common/config.ts';
import { NO_CONTEXT, storedFloat } from '../../common/features/object-context.ts';
import type { ObjectContext } from '../../common/features/object-context.ts';
import type { KnownObject } from '../../common/store/object-contexts.ts';
import type { ExposureMemory } from '../../post_ingest/coverage/exposure-memory.ts';
import { findAll } from '../../post_ingest/steps/run-steps.ts';
import type { StepResults, StepTools } from '../../post_ingest/steps/run-steps.ts';
import { hasMoved, isPlaced } from '../../post_ingest/steps/step.ts';

/** What ingest works out of an object's place as it stores it. */
export interface Enrichment {
  tools: StepTools;
  /** E(B-V) of the Milky Way, mag; null without a map. */
  ebvAt(ra: number, decl: number): number | null;
  /** Time that the costly fits may take in one batch, milliseconds; the others are put off. */
  fitBudgetMs: number;
  /** Which exposures are stored, for all works of the survey. */
  exposures: ExposureMemory;
}

/** An object of this batch that changes. */
export interface TouchedObject {
  id: string;
  /** Degrees, ICRS. */
  ra: number;
  decl: number;
  /** What was known of it before; null for a new object. */
  known: KnownObject | null;
  newestAlert: Readonly<Record<string, unknown>> | null;
}

export interface Enriched {
  /** What is known now, by id. */
  known: Map<string, KnownObject>;
  results: StepResults;
}

/** Looks at the surroundings of objects that are new or have moved; of others they are known. */
export async function enrichObjects(
  enrichment: Enrichment,
  survey: Survey,
  objects: readonly TouchedObject[],
): Promise<Enriched> {
  const placed = objects.filter(needsPlacing);
  const results = await findAll(enrichment.tools, survey, placed, objects.filter(isShifted));
  const wasPlaced = !results.failures.some(({ step }) => step === 'context');
  const placedIds = new Set(wasPlaced ? placed.map((object) => object.id) : []);
  const known = new Map(
    objects.map((object) => {
      const { id, ra, decl } = object;
      const before: ObjectContext = object.known?.context ?? NO_CONTEXT;
      const facts = results.facts.get(id);
      const context = {
        ...before,
        // Names are the business of the step and of its job: those read ahead may be out of date.
        tnsName: null,
        tnsType: null,
        ebv: before.ebv ?? storedFloat(enrichment.ebvAt(ra, decl)),
        ...facts,
      };
      const placedAt = placedIds.has(id) ? { ra, decl } : (object.known?.placedAt ?? null);
      return [id, { ra, decl, placedAt, context }];
    }),
  );
  return { known, results };
}

/** Whether it is not exactly where it was: what counts distances to the last digit looks again. */
function isShifted(object: TouchedObject): boolean {
  const { known, ra, decl } = object;
  if (needsPlacing(object)) return true;
  return isPlaced({ ra, decl }) && (known?.ra !== ra || known.decl !== decl);
}

function needsPlacing({ known, ra, decl }: TouchedObject): boolean {
  const at = known?.placedAt;
  return isPlaced({ ra, decl }) && (!at || hasMoved(at, { ra, decl }));
}
