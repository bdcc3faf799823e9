import { Router } from 'express';

import { mjdUtcFromDate, nightOfDate } from '../../common/astro/time.ts';
import { SURVEYS } from '../../common/config.ts';
import { selectSparklines } from '../../common/store/light-curves.ts';
import type { SparkPoint } from '../../common/store/light-curves.ts';
import type { SurveyObject } from '../../common/store/object-rows.ts';
import { selectNewestObjects } from '../../common/store/objects.ts';
import { cached } from '../cached.ts';
import { skyMap } from '../figures/sky-map.ts';
import { sparkline } from '../figures/sparkline.ts';
import { SURVEY_NAMES } from '../object-page.ts';
import type { Services } from '../services.ts';
import { dateOfNight, describeSurveys } from '../status.ts';

const SKY_OBJECTS = 250;
const LISTED = 9;
const CACHE_MS = 2_000;

export function homeRoutes(services: Services): Router {
  const router = Router();
  const newest = cached(CACHE_MS, () => newestObjects(services));
  router.get('/', async (_req, res) => {
    const now = services.context.now();
    const nid = nightOfDate(now);
    const [surveys, { objects, sparklines }] = await Promise.all([
      describeSurveys(services, nid),
      newest(),
    ]);
    res.render('home', {
      title: 'Tonight',
      isHome: true,
      nid,
      now,
      date: dateOfNight(nid).toISOString().slice(0, 10),
      surveys: surveys.map((survey) => ({ ...survey, name: SURVEY_NAMES[survey.survey] })),
      isQuiet: surveys.every((survey) => survey.received === 0),
      hasObjects: objects.length > 0,
      objectCount: objects.length,
      sky: skyMap(objects, mjdUtcFromDate(now)),
      newest: objects.slice(0, LISTED).map((object) => ({
        object,
        surveyName: SURVEY_NAMES[object.survey],
        sparkline: sparkline(sparklines.get(object.id) ?? []),
      })),
    });
  });
  return router;
}

/** Both surveys' newest, in turn where both have some, so that one stream never hides the other. */
async function newestObjects(
  services: Services,
): Promise<{ objects: SurveyObject[]; sparklines: Map<string, SparkPoint[]> }> {
  const { db } = services.context;
  const lists = await Promise.all(
    SURVEYS.map((survey) => selectNewestObjects(db, survey, SKY_OBJECTS)),
  );
  const objects = Array.from({ length: SKY_OBJECTS }, (_, i) =>
    lists.flatMap((list) => (list[i] ? [list[i]] : [])),
  ).flat();
  const listed = objects.slice(0, LISTED);
  const curves = await Promise.all(
    SURVEYS.map((survey) =>
      selectSparklines(
        db,
        survey,
        listed.filter((object) => object.survey === survey).map((object) => object.id),
      ),
    ),
  );
  return { objects, sparklines: new Map(curves.flatMap((curve) => [...curve])) };
}
