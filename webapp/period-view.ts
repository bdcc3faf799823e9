import type { Survey } from '../common/config.ts';
import { InvalidInputError, NotFoundError } from '../common/errors.ts';
import type { SurveyObject } from '../common/store/object-rows.ts';
import { ID_HINT, parseObjectId, selectObjects } from '../common/store/objects.ts';
import type { FoundPeriod } from './period-finder.ts';
import type { Services } from './services.ts';

/** What page and API show of an object's period. */
export interface PeriodView extends FoundPeriod {
  object: SurveyObject;
}

/**
 * The period of an object: the one function behind page and API.
 *
 * @throws {InvalidInputError} if the survey has no such ids.
 * @throws {NotFoundError} if there is no such object.
 * @throws {BusyError} if too many periods are being searched for.
 */
export async function describePeriod(
  { context, periods }: Services,
  survey: Survey,
  id: string,
): Promise<PeriodView> {
  const parsed = parseObjectId(id);
  if (parsed?.survey !== survey) {
    throw new InvalidInputError(`No object of this survey has an id of this form. ${ID_HINT}`);
  }
  const [object] = await selectObjects(context.db, survey, [parsed.id]);
  if (object === undefined) {
    throw new NotFoundError(
      `There is no object ${parsed.id} whose brightness could have a period; of things in the solar system none is looked for. ${ID_HINT}`,
    );
  }
  return { object, ...(await periods.find(survey, object.id)) };
}
