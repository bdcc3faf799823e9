import { separationArcsec } from '../../common/astro/coordinates.ts';
import type { Survey } from '../../common/config.ts';
import type { Queries } from '../../common/store/database.ts';
import { LINK_RADIUS_ARCSEC } from '../../common/store/other-survey.ts';
import type { SurveyPair } from '../../common/store/other-survey.ts';
import { selectObjectsNear, selectSolarSystemObjects } from '../../common/store/places.ts';
import type { ObjectPlace } from '../../common/store/places.ts';

/** More than the two ways to measure a distance differ by. */
const ROUNDING_ARCSEC = 1e-6;

/**
 * All objects of the other survey at the places of these, but for bodies of the solar system: what
 * ought to be linked with them, whatever is.
 *
 * @param survey - Whose objects `places` are.
 * @param fixed - Objects of ZTF that are known to be none of the solar system; of others it is
 *   looked up what is stored of them.
 */
export async function findPairs(
  db: Queries,
  survey: Survey,
  places: readonly ObjectPlace[],
  fixed: ReadonlySet<string> = new Set(),
): Promise<SurveyPair[]> {
  const other = survey === 'ztf' ? 'lsst' : 'ztf';
  const near = await selectObjectsNear(db, other, places, LINK_RADIUS_ARCSEC + ROUNDING_ARCSEC);
  const pairs = near
    .map(({ place, row }) => {
      const [ztf, lsst] = survey === 'ztf' ? [place, row] : [row, place];
      return {
        objectId: ztf.id,
        diaObjectId: lsst.id,
        // Measured from one side always: the last bit must not depend on which came first.
        arcsec: separationArcsec(ztf.ra, ztf.decl, lsst.ra, lsst.decl),
      };
    })
    .filter((pair) => pair.arcsec <= LINK_RADIUS_ARCSEC);
  const unsure = new Set(pairs.map((pair) => pair.objectId).filter((id) => !fixed.has(id)));
  const moving = await selectSolarSystemObjects(db, [...unsure]);
  return pairs.filter((pair) => !moving.has(pair.objectId));
}
