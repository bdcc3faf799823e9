import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

import { icrsToGalactic } from '../astro/coordinates.ts';
import { interpolate, lambertPixel } from '../astro/sfd-dust.ts';
import type { LambertMap } from '../astro/sfd-dust.ts';
import { describeError, SetupError } from '../errors.ts';
import { readHeader } from './header.ts';
import type { CardValue } from './header.ts';

/** A header longer than this is not that of a dust map. */
const MAX_HEADER_BYTES = 100 * 2880;
const PIXEL_BYTES = 4;

/** The reddening of the Milky Way. */
export interface DustMaps {
  /**
   * Colour excess E(B-V), mag, as the maps have it: without the factor 0.86 of Schlafly & Finkbeiner
   * 2011, which their extinction coefficients contain.
   *
   * @param ra - Degrees, ICRS.
   * @param dec - Degrees.
   * @returns null for a position that is none, or where the map is blank.
   */
  ebvAt(ra: number, dec: number): number | null;
  close(): void;
}

interface OpenMap {
  map: LambertMap;
  file: number;
  dataStart: number;
}

/**
 * Opens the two maps of Schlegel, Finkbeiner & Davis (1998, ApJ 500, 525), `SFD_dust_4096_ngp.fits`
 * and `SFD_dust_4096_sgp.fits`. Of each position four pixels are read from the files, as it is asked.
 *
 * @param dir - Folder of the files; null without the setting, then there are no maps.
 * @throws {SetupError} if a file is missing or is not such a map.
 */
export function openDustMaps(dir: string | null | undefined): DustMaps | null {
  if (!dir) return null;
  const north = openMap(join(dir, 'SFD_dust_4096_ngp.fits'), 1);
  let south: OpenMap;
  try {
    south = openMap(join(dir, 'SFD_dust_4096_sgp.fits'), -1);
  } catch (err) {
    closeSync(north.file);
    throw err;
  }
  return {
    ebvAt(ra, dec) {
      if (!Number.isFinite(ra) || !(Math.abs(dec) <= 90)) return null;
      const { l, b } = icrsToGalactic(ra, dec);
      const { map, file, dataStart } = b >= 0 ? north : south;
      const ebv = interpolate(map, lambertPixel(map, l, b), (column, row) =>
        readPixel(file, dataStart + (row * map.width + column) * PIXEL_BYTES),
      );
      return Number.isFinite(ebv) ? ebv : null;
    },
    close() {
      closeSync(north.file);
      closeSync(south.file);
    },
  };
}

function openMap(path: string, pole: 1 | -1): OpenMap {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (err) {
    throw new SetupError(
      `the dust map ${path} cannot be opened: put both SFD_dust_4096 files into the folder that GLINT_SFD_DIR names, or unset it`,
      { cause: err },
    );
  }
  try {
    const size = fstatSync(file).size;
    const head = Buffer.alloc(Math.min(size, MAX_HEADER_BYTES));
    readSync(file, head, 0, head.length, 0);
    const { cards, dataStart } = readHeader(head, 0);
    const map = mapOf(cards, pole);
    if (dataStart + map.width * map.height * PIXEL_BYTES > size) throw new Error('it is cut short');
    return { map, file, dataStart };
  } catch (err) {
    closeSync(file);
    throw new SetupError(
      `${path} is not the ${pole === 1 ? 'northern' : 'southern'} SFD dust map: ${describeError(err)}`,
      { cause: err },
    );
  }
}

function mapOf(cards: Map<string, CardValue>, pole: 1 | -1): LambertMap {
  const expected = { SIMPLE: true, BITPIX: -32, NAXIS: 2, LAM_NSGP: pole };
  for (const [name, value] of Object.entries(expected)) {
    const found = cards.get(name);
    if (found !== value) throw new Error(`its ${name} is ${String(found)} and not ${value}`);
  }
  const [width, height, scale, x, y] = ['NAXIS1', 'NAXIS2', 'LAM_SCAL', 'CRPIX1', 'CRPIX2'].map(
    (name) => {
      const value = cards.get(name);
      if (typeof value !== 'number' || !(value > 0))
        throw new Error(`its ${name} is ${String(value)}`);
      return value;
    },
  );
  if (!(width >= 2 && height >= 2)) throw new Error(`it has ${width} x ${height} pixels`);
  return { pole, scale, centreX: x - 1, centreY: y - 1, width, height };
}

function readPixel(file: number, position: number): number {
  const bytes = Buffer.allocUnsafe(PIXEL_BYTES);
  return readSync(file, bytes, 0, PIXEL_BYTES, position) === PIXEL_BYTES
    ? bytes.readFloatBE()
    : NaN;
}
