import { constants, gzipSync } from 'node:zlib';

import { BANDS, fluxNJy } from './light-curves.ts';
import type { Neighbour } from './neighbours.ts';
import { fitsHeader, imageCards, padded } from './fits-writer.ts';
import type { Card } from './fits-writer.ts';
import { addBlob, addNoise, frameIn, pixelNoise } from './pixels.ts';
import type { Blob, Frame } from './pixels.ts';
import { uniformAt } from './random.ts';
import { QUADRANT_HEIGHT, QUADRANT_WIDTH, ZTF_PIXEL_SCALE } from './ztf-grid.ts';

export const ZTF_STAMP_SIDE = 63;
const HALF = 31;
/** Part of the difference image's noise that the aperture limit of the pipeline leaves out. */
const LIMIT_MARGIN = 0.5;

/** What the three stamps of one alert show. */
export interface ZtfScene {
  /** Pixel of the source on its readout channel. */
  x: number;
  y: number;
  band: number;
  seeingArcsec: number;
  /** Difference flux and its uncertainty, DN. */
  fluxDn: number;
  sigmaDn: number;
  dnPerNJy: number;
  sky: number;
  neighbours: readonly Neighbour[];
  /** Decides the noise; another for the template, which all alerts of a place share. */
  noiseKey: number;
  templateKey: number;
  seed: number;
}

export interface ZtfStamps {
  science: Buffer;
  template: Buffer;
  difference: Buffer;
}

/**
 * The three gzip-compressed FITS stamps of an alert: 63 by 63 pixels, fewer where the channel ends,
 * with the difference being what science minus template leaves. Some have masked columns (NaN).
 */
export function ztfStamps(scene: ZtfScene): ZtfStamps {
  const left = Math.min(HALF, Math.floor(scene.x));
  const right = Math.min(HALF, QUADRANT_WIDTH - 1 - Math.floor(scene.x));
  const below = Math.min(HALF, Math.floor(scene.y));
  const above = Math.min(HALF, QUADRANT_HEIGHT - 1 - Math.floor(scene.y));
  const [width, height] = [left + right + 1, below + above + 1];
  const [x, y] = [left + (scene.x % 1) - 0.5, below + (scene.y % 1) - 0.5];
  const fwhm = scene.seeingArcsec / ZTF_PIXEL_SCALE;
  const templateFwhm = 1.9 / ZTF_PIXEL_SCALE;
  const noise = LIMIT_MARGIN * pixelNoise(scene.sigmaDn, fwhm);

  const difference = frameIn(MEMORY[0], width, height);
  addNoise(difference, noise, 0, scene.noiseKey);
  addBlob(difference, { x, y, total: scene.fluxDn, fwhm });

  const science = frameIn(MEMORY[1], width, height);
  for (let n = 0; n < science.pixels.length; n++) {
    science.pixels[n] = difference.pixels[n] + scene.sky;
  }
  const template = frameIn(MEMORY[2], width, height);
  addNoise(template, noise * 0.3, scene.sky, scene.templateKey);
  for (const neighbour of scene.neighbours) {
    addBlob(science, blobOf(scene, neighbour, x, y, fwhm));
    addBlob(template, blobOf(scene, neighbour, x, y, templateFwhm));
  }
  mask(scene, science, difference);
  return { science: pack(science), template: pack(template), difference: pack(difference) };
}

function blobOf(scene: ZtfScene, one: Neighbour, x: number, y: number, fwhm: number): Blob {
  return {
    // Columns run to the west, rows to the south.
    x: x - one.east / ZTF_PIXEL_SCALE,
    y: y - one.north / ZTF_PIXEL_SCALE,
    total: fluxNJy(one.mags[scene.band % BANDS.length]) * scene.dnPerNJy,
    fwhm: one.isStar ? fwhm : Math.hypot(fwhm, (2 * one.radius) / ZTF_PIXEL_SCALE),
  };
}

/** Bad columns and pixels hit by cosmic rays, away from the source itself. */
function mask(scene: ZtfScene, science: Frame, difference: Frame): void {
  const { width, height } = science;
  const chance = uniformAt(scene.seed, scene.noiseKey, 0x4d53);
  if (chance > 0.06) return;
  const column = Math.floor((chance / 0.06) * width);
  if (Math.abs(column - width / 2) < 6) return;
  const isColumn = uniformAt(scene.seed, scene.noiseKey, 0x434f) < 0.5;
  const [from, to] = isColumn ? [0, height] : [10, 13];
  for (let row = from; row < Math.min(to, height); row++) {
    science.pixels[row * width + column] = NaN;
    difference.pixels[row * width + column] = NaN;
  }
}

/** Room for the pixels of the three stamps of one alert. */
const MEMORY = [0, 1, 2].map(() => new Float32Array(ZTF_STAMP_SIDE * ZTF_STAMP_SIDE));
const UNIT: Card = ['BUNIT', 'DN'];
/** Stamps before compression by size, header in place: filled anew for every stamp. */
const drafts = new Map<number, Buffer>();

function pack({ width, height, pixels }: Frame): Buffer {
  const key = width * 64 + height;
  let draft = drafts.get(key);
  if (draft === undefined) {
    const header = fitsHeader([...imageCards(-32, width, height), UNIT]);
    draft = Buffer.concat([header, Buffer.alloc(padded(pixels.byteLength))]);
    drafts.set(key, draft);
  }
  const at = draft.length - padded(pixels.byteLength);
  draft.set(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength), at);
  draft.subarray(at, at + pixels.byteLength).swap32();
  // Noise has no repeats to look for: run lengths find all there is, in half the time.
  return gzipSync(draft, { level: 1, strategy: constants.Z_RLE });
}
