import { gunzipSync } from 'node:zlib';

import { Router } from 'express';
import { z } from 'zod';

import { SURVEYS } from '../../common/config.ts';
import type { Survey } from '../../common/config.ts';
import { NotFoundError } from '../../common/errors.ts';
import { selectCutoutLocation } from '../../common/store/cutout-locations.ts';
import { CUTOUT_KINDS, readCutout } from '../../common/store/cutouts.ts';
import type { CutoutKind } from '../../common/store/cutouts.ts';
import { openStampCache } from '../../common/store/stamp-cache.ts';
import { selectStampSource } from '../../common/store/stamp-sources.ts';
import { renderStamp, stampJpeg } from '../../common/store/stamps.ts';
import { parseInput } from '../parse-input.ts';
import type { Services } from '../services.ts';

const Address = z.object({
  survey: z.enum(SURVEYS),
  id: z.string().regex(/^\d{1,19}$/),
  kind: z.enum(CUTOUT_KINDS),
});
const StampQuery = z.object({ hdu: z.coerce.number().int().min(0).max(31).default(0) });
/** A cutout never changes. */
const FOREVER = 'public, max-age=31536000, immutable';
/** How they are rendered may change. */
const A_DAY = 'public, max-age=86400';
/** Far above any stamp that a survey sends. */
const MAX_FITS_BYTES = 64 << 20;

export function cutoutRoutes({ context }: Services): Router {
  const router = Router();
  const { config, db, log } = context;
  const cache = openStampCache(config.stampDir, log);

  router.get('/stamp/:survey/:id/:kind.jpg', async (req, res) => {
    const { survey, id, kind } = addressOf(req.params);
    const { hdu } = parseInput(StampQuery, req.query);
    const source = await selectStampSource(db, survey, id);
    const jpeg =
      hdu === 0
        ? await stampJpeg(cache, config.cutoutDir, source, kind)
        : await renderStamp(config.cutoutDir, source, kind, hdu);
    res.set('Cache-Control', A_DAY).type('image/jpeg').send(jpeg);
  });

  router.get('/fits/:survey/:id/:kind.fits', async (req, res) => {
    const { survey, id, kind } = addressOf(req.params);
    const location = await selectCutoutLocation(db, survey, id);
    const bytes = unzipped(await readCutout(config.cutoutDir, location, kind));
    res.set('Cache-Control', FOREVER).type('application/fits');
    res.attachment(`${id}_${kind}.fits`).send(bytes);
  });

  // The addresses under which Lasair gives Rubin's cutouts, and ZTF's by the day they came.
  router.get('/fits/:name/', (req, res) => {
    res.redirect(301, fitsAddress('lsst', req.params.name));
  });
  router.get('/fits/:day/:name/', (req, res) => {
    res.redirect(301, fitsAddress('ztf', req.params.name));
  });
  return router;
}

function addressOf(params: Record<string, string>): {
  survey: Survey;
  id: bigint;
  kind: CutoutKind;
} {
  const address = Address.safeParse(params);
  if (!address.success) throw noSuchCutout();
  return { ...address.data, id: BigInt(address.data.id) };
}

function fitsAddress(survey: Survey, name: string): string {
  const match = /^(\d{1,19})_cutout(Science|Template|Difference)$/.exec(name);
  if (match === null) throw noSuchCutout();
  return `/fits/${survey}/${match[1]}/${match[2].toLowerCase()}.fits`;
}

/** A damaged one is handed out as it came: somebody may want to see what is wrong with it. */
function unzipped(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_FITS_BYTES });
  } catch {
    return bytes;
  }
}

function noSuchCutout(): NotFoundError {
  return new NotFoundError(
    'There is no such cutout: addresses look like /stamp/ztf/516171791415015025/science.jpg.',
  );
}
