import { Router } from 'express';
import sharp from 'sharp';

import { allSkyMoc } from '../figures/all-sky-moc.ts';

const TILE_PX = 512;
/** 27 by 29 tiles of 64 pixels hold the 768 of order 3. */
const ALL_SKY = { width: 27 * 64, height: 29 * 64 };
/** The colour of the sky in dark figures. */
const COLOUR = '#0d1422';
const LONG = 'public, max-age=86400';
const PROPERTIES = Object.entries({
  creator_did: 'ivo://glint/P/empty',
  obs_title: 'Empty sky',
  dataproduct_type: 'image',
  hips_version: '1.4',
  hips_frame: 'equatorial',
  hips_order: '0',
  hips_order_min: '0',
  hips_tile_width: String(TILE_PX),
  hips_tile_format: 'jpeg',
  hips_status: 'public master unclonable',
})
  .map(([name, value]) => `${name.padEnd(20)} = ${value}\n`)
  .join('');

/**
 * A sky without anything on it, as a HiPS: what Aladin Lite draws on, so that it asks nobody else
 * for pictures.
 *
 * @see HiPS 1.0 (IVOA 2017).
 */
export function emptySkyRoutes(): Router {
  const router = Router();
  let tile: Promise<Buffer> | undefined;
  let allSky: Promise<Buffer> | undefined;
  router.get('/hips/empty/properties', (_req, res) => {
    res.set('Cache-Control', LONG).type('text/plain').send(PROPERTIES);
  });
  router.get('/hips/empty/Moc.fits', (_req, res) => {
    res.set('Cache-Control', LONG).type('application/fits').send(allSkyMoc());
  });
  router.get('/hips/empty/Norder3/Allsky.jpg', async (_req, res) => {
    allSky ??= plain(ALL_SKY.width, ALL_SKY.height);
    res
      .set('Cache-Control', LONG)
      .type('image/jpeg')
      .send(await allSky);
  });
  router.get(/^\/hips\/empty\/Norder0\/Dir0\/Npix(\d|1[01])\.jpg$/, async (_req, res) => {
    tile ??= plain(TILE_PX, TILE_PX);
    res
      .set('Cache-Control', LONG)
      .type('image/jpeg')
      .send(await tile);
  });
  return router;
}

function plain(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: COLOUR } })
    .jpeg()
    .toBuffer();
}
