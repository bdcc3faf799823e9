import { gunzipSync } from 'node:zlib';

import { Router } from 'express';
import { z } from 'zod';

import { SURVEYS } from '../../common/config.ts';
import { NotFoundError } from '../../common/errors.ts';
import { readStamp } from '../../common/fits/image.ts';
import { renderStampJpeg } from '../../common/fits/render-stamp.ts';
import { selectCutoutLocation } from '../../common/store/cutout-locations.ts';
import { CUTOUT_KINDS, readCutout } from '../../common/store/cutouts.ts';
import type { CutoutKind } from '../../common/store/cutouts.ts';
import type { Services } from '../services.ts';

const Address = z.object({
  survey: z.enum(SURVEYS),
  id: z.string().regex(/^\d{1,19}$/),
  kind: z.enum(CUTOUT_KINDS),
});
const STAMP_PX = 252;
/** A cutout never changes. */
const FOREVER = 'public, max-age=31536000, immutable';

export function cutoutRoutes({ context }: Services): Router {
  const router = Router();

  const fitsOf = async (params: Record<string, string>): Promise<Buffer> => {
    const address = Address.safeParse(params);
    if (!address.success) throw noSuchCutout();
    const { survey, id, kind } = address.data;
    const location = await selectCutoutLocation(context.db, survey, BigInt(id));
    return unzipped(await readCutout(context.config.cutoutDir, location, kind));
  };

  router.get('/stamp/:survey/:id/:kind.jpg', async (req, res) => {
    const jpeg = await renderStampJpeg(readStamp(await fitsOf(req.params)), STAMP_PX);
    res.set('Cache-Control', FOREVER).type('image/jpeg').send(jpeg);
  });

  router.get('/fits/:survey/:id/:kind.fits', async (req, res) => {
    const bytes = await fitsOf(req.params);
    res.set('Cache-Control', FOREVER).type('application/fits');
    res.attachment(`${req.params.id}_${req.params.kind}.fits`).send(bytes);
  });

  // The address under which Lasair gives Rubin's cutouts.
  router.get('/fits/:name/', (req, res) => {
    const match = /^(\d{1,19})_cutout(Science|Template|Difference)$/.exec(req.params.name);
    if (match === null) throw noSuchCutout();
    const kind = match[2].toLowerCase() as CutoutKind;
    res.redirect(301, `/fits/lsst/${match[1]}/${kind}.fits`);
  });
  return router;
}

function unzipped(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

function noSuchCutout(): NotFoundError {
  return new NotFoundError(
    'There is no such cutout: addresses look like /stamp/ztf/516171791415015025/science.jpg.',
  );
}
