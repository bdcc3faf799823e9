import { Router } from 'express';

import { NotFoundError } from '../../common/errors.ts';
import { selectObjectAnnotations } from '../../common/store/annotations/annotation-lists.ts';
import { selectCutoutKinds } from '../../common/store/cutout-locations.ts';
import { selectSparklines } from '../../common/store/light-curves.ts';
import { selectWatchmapsOfObject } from '../../common/store/lists/watchmap-results.ts';
import { ID_HINT, parseObjectId, selectObjectOfDetection } from '../../common/store/objects.ts';
import { annotationAnswer } from '../annotators/annotation-answer.ts';
import { objectAnnotations } from '../annotators/object-annotations.ts';
import { sparkline } from '../figures/sparkline.ts';
import { lasairJson } from '../lasair-json.ts';
import { objectPage, shownAlertIds } from '../object-page.ts';
import { describeObject } from '../object-view.ts';
import type { ObjectView } from '../object-view.ts';
import { readerOf } from '../saved-queries/reader.ts';
import type { Services } from '../services.ts';
import { watchlistsOfObject } from '../watchlists/object-lists.ts';

export function objectRoutes({ context }: Services): Router {
  const router = Router();

  const viewOf = async (text: string): Promise<ObjectView> => {
    const named = parseObjectId(text);
    if (named === undefined) {
      throw new NotFoundError(`There is no object “${text.slice(0, 40)}”. ${ID_HINT}`);
    }
    return describeObject(context.db, named.survey, named.id);
  };

  router.get('/object/:id/', async (req, res) => {
    const view = await viewOf(req.params.id);
    if (req.params.id !== view.object.id) {
      res.redirect(301, `/object/${view.object.id}/`);
      return;
    }
    const showsAll = req.query.all !== undefined;
    const { survey } = view.object;
    const cutouts = await selectCutoutKinds(context.db, survey, shownAlertIds(view, showsAll));
    const { id } = view.object;
    const [annotations, watchlists, watchmaps] = await Promise.all([
      objectAnnotations(context.db, survey, id, readerOf(res)),
      watchlistsOfObject(context.db, survey, id, readerOf(res)),
      selectWatchmapsOfObject(context.db, survey, id, readerOf(res)),
    ]);
    const page = objectPage(view, cutouts, context.now(), showsAll);
    res.render('object', { ...page, annotations, watchlists, watchmaps });
  });

  router.get('/object/:id/json/', async (req, res) => {
    const named = parseObjectId(req.params.id);
    try {
      const view = await viewOf(req.params.id);
      const { survey, id } = view.object;
      const rows = await selectObjectAnnotations(context.db, survey, id, readerOf(res));
      res.json({ ...lasairJson(view), annotations: rows.map(annotationAnswer) });
    } catch (err) {
      if (!(err instanceof NotFoundError)) throw err;
      // The shape that Lasair's readers know for an object that is not there.
      const key = named?.survey === 'lsst' ? 'diaObjectId' : 'objectId';
      res.status(404).json({ [key]: req.params.id.slice(0, 100), message: err.message });
    }
  });

  router.get('/object/:id/sparkline/', async (req, res) => {
    const named = parseObjectId(req.params.id);
    if (named === undefined) throw new NotFoundError(`There is no such object. ${ID_HINT}`);
    const curves = await selectSparklines(context.db, named.survey, [named.id]);
    res.set('Cache-Control', 'private, max-age=30');
    res.type('html').send(sparkline(curves.get(named.id) ?? []));
  });

  router.get('/objects/:id/', (req, res) => {
    res.redirect(301, `/object/${encodeURIComponent(req.params.id)}/`);
  });

  router.get('/cand/:candid/', async (req, res) => {
    const { candid } = req.params;
    const owner = /^\d{1,19}$/.test(candid)
      ? await selectObjectOfDetection(context.db, BigInt(candid))
      : undefined;
    if (owner === undefined) {
      throw new NotFoundError(
        `There is no detection “${candid.slice(0, 40)}”: its number has up to 19 digits (candid or diaSourceId).`,
      );
    }
    res.redirect(302, `/object/${owner.id}/?all#d${candid}`);
  });
  return router;
}
