import { icrsToGalactic } from '../common/astro/coordinates.ts';
import { formatDecSexagesimal, formatRaSexagesimal } from '../common/astro/position-text.ts';
import type { Survey } from '../common/config.ts';
import { InvalidInputError, NotFoundError } from '../common/errors.ts';
import type { Queries } from '../common/store/database.ts';
import { selectLightCurve, selectSolarSystemSources } from '../common/store/light-curves.ts';
import type { LightCurve } from '../common/store/light-curves.ts';
import type { SurveyObject } from '../common/store/object-rows.ts';
import { ID_HINT, parseObjectId, selectObjects } from '../common/store/objects.ts';
import { solarSystemObject } from './solar-system-object.ts';

/** All that the object page, its JSON and the API endpoint show. */
export interface ObjectView {
  object: SurveyObject;
  lightCurve: LightCurve;
  position: PositionText;
}

/** A position in the ways people write it. */
export interface PositionText {
  ra: number;
  dec: number;
  raSexagesimal: string;
  decSexagesimal: string;
  galacticLon: number;
  galacticLat: number;
}

/**
 * An object with its whole light curve: the one function behind page, JSON and API.
 *
 * @throws {InvalidInputError} if the survey has no such ids.
 * @throws {NotFoundError} if there is no such object.
 */
export async function describeObject(db: Queries, survey: Survey, id: string): Promise<ObjectView> {
  const parsed = parseObjectId(id);
  if (parsed?.survey !== survey) {
    throw new InvalidInputError(`No object of this survey has an id of this form. ${ID_HINT}`);
  }
  const [object] = await selectObjects(db, survey, [parsed.id]);
  if (object !== undefined) {
    const lightCurve = await selectLightCurve(db, survey, object.id);
    return { object, lightCurve, position: positionText(object) };
  }
  if (survey === 'lsst') {
    const sources = await selectSolarSystemSources(db, parsed.id);
    if (sources.length > 0) {
      const wanderer = solarSystemObject(parsed.id, sources);
      const lightCurve = { survey, detections: sources, nonDetections: [], forced: [] };
      return { object: wanderer, lightCurve, position: positionText(wanderer) };
    }
  }
  throw new NotFoundError(`There is no object ${parsed.id}. ${ID_HINT}`);
}

export function positionText({ ra, dec }: { ra: number; dec: number }): PositionText {
  const { l, b } = icrsToGalactic(ra, dec);
  return {
    ra,
    dec,
    raSexagesimal: formatRaSexagesimal(ra, 2),
    decSexagesimal: formatDecSexagesimal(dec, 1),
    galacticLon: l,
    galacticLat: b,
  };
}
