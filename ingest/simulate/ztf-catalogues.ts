import { distanceOf } from './neighbours.ts';
import type { Neighbour } from './neighbours.ts';
import type { ZtfRecord } from './ztf-records.ts';

const NOT_THERE = -999;

const MATCH_FIELDS = [1, 2, 3].map((n) => ({
  id: `objectidps${n}`,
  mags: [`sgmag${n}`, `srmag${n}`, `simag${n}`, `szmag${n}`],
  score: `sgscore${n}`,
  distance: `distpsnr${n}`,
}));

/**
 * Adds what the catalogues have around a candidate: the three nearest of PS1, as far as it goes,
 * and of Gaia the nearest star and the nearest brighter than 14.
 */
export function addCatalogueMatches(record: ZtfRecord, neighbours: readonly Neighbour[]): void {
  const known = neighbours.filter((one) => one.mags[2] < 23);
  record.nmtchps = known.length;
  MATCH_FIELDS.forEach(({ id, mags, score, distance }, n) => {
    const one: Neighbour | undefined = known[n];
    record[id] = one?.catalogueId ?? BigInt(NOT_THERE);
    mags.forEach((name, band) => {
      const mag = one?.mags[band + 1] ?? 99;
      record[name] = mag < 22.8 ? mag : NOT_THERE;
    });
    record[score] = one === undefined ? NOT_THERE : starScore(one);
    record[distance] = one === undefined ? NOT_THERE : distanceOf(one);
  });
  const near = neighbours.find((one) => one.isStar && one.mags[2] < 21);
  const bright = neighbours.find((one) => one.isStar && one.mags[2] < 14);
  record.neargaia = near === undefined ? NOT_THERE : distanceOf(near);
  record.maggaia = near === undefined ? NOT_THERE : near.mags[2];
  record.neargaiabright = bright === undefined ? NOT_THERE : distanceOf(bright);
  record.maggaiabright = bright === undefined ? NOT_THERE : bright.mags[2];
}

/** How much a catalogued thing looks like a star: near 1 for stars, below a half for galaxies. */
function starScore({ isStar, catalogueId }: Neighbour): number {
  const spread = Number(catalogueId % 997n) / 997;
  return isStar ? 1 - 0.25 * spread ** 3 : 0.4 * spread ** 2;
}
