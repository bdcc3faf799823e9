import { icrsToGalactic } from '../common/astro/coordinates.ts';
import { formatDecSexagesimal, formatRaSexagesimal } from '../common/astro/position-text.ts';
import type { Survey } from '../common/config.ts';
import { InvalidInputError, NotFoundError } from '../common/errors.ts';
import type { Queries } from '../common/store/database.ts';
import { selectLightCurve, selectSolarSystemSources } from '../common/store/light-curves.ts';
import type { LightCurve } from '../common/store/light-curves.ts';
import type { SurveyObject } from '../common/store/object-rows.ts';
import { NO_SURROUNDINGS, selectSurroundings } from '../common/store/object-surroundings.ts';
import type { ObjectSurroundings } from '../common/store/object-surroundings.ts';
import { ID_HINT, parseObjectId, selectOptionalObject } from '../common/store/objects.ts';
import { selectSolarSystemIdentity } from '../common/store/solar-system.ts';
import type { Orbit } from '../common/store/solar-system.ts';
import { solarSystemObject } from './solar-system-object.ts';

/** All that the object page, its JSON and the API endpoint show. */
export interface ObjectView extends ObjectSurroundings {
  object: SurveyObject;
  lightCurve: LightCurve;
  position: PositionText;
  /** Of a solar-system object of Rubin's: such a one has sources and no row in `objects`. */
  orbit: Orbit | null;
  isSolarSystem: boolean;
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
 * An object with its whole light curve and all that is known around it: the one function behind
 * page, JSON and API.
 *
 * @throws {InvalidInputError} if the survey has no such ids.
 * @throws {NotFoundError} if there is no such object.
 */
export async function describeObject(db: Queries, survey: Survey, id: string): Promise<ObjectView> {
  const parsed = parseObjectId(id);
  if (parsed?.survey !== survey) {
    throw new InvalidInputError(`No object of this survey has an id of this form. ${ID_HINT}`);
  }
  const [object, lightCurve, surroundings] = await Promise.all([
    selectOptionalObject(db, survey, parsed.id),
    selectLightCurve(db, survey, parsed.id),
    selectSurroundings(db, survey, parsed.id),
  ]);
  if (object !== undefined) {
    const position = positionText(object);
    return { object, lightCurve, position, ...surroundings, orbit: null, isSolarSystem: false };
  }
  const wanderer = survey === 'lsst' ? await describeWanderer(db, parsed.id) : undefined;
  if (wanderer !== undefined) return wanderer;
  throw new NotFoundError(`There is no object ${parsed.id}. ${ID_HINT}`);
}

async function describeWanderer(db: Queries, id: string): Promise<ObjectView | undefined> {
  const [sources, { designation, orbit }] = await Promise.all([
    selectSolarSystemSources(db, id),
    selectSolarSystemIdentity(db, id),
  ]);
  if (sources.length === 0) return undefined;
  const object = solarSystemObject(id, designation, sources);
  return {
    object,
    lightCurve: { survey: 'lsst', detections: sources, nonDetections: [], forced: [] },
    position: positionText(object),
    ...NO_SURROUNDINGS,
    orbit,
    isSolarSystem: true,
  };
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
