import { hpx29 } from '../../common/astro/healpix.ts';
import type { SkyPosition } from '../../common/store/catalogue-lookup.ts';
import type { Catalogue } from '../../common/store/catalogues.ts';

/** HEALPix order of the cells that a catalogue's coverage is noted in. */
const COVERAGE_ORDER = 5;

/**
 * Whether a catalogue that lists galaxies has sources in a part of the sky: only there does it mean
 * something that none was found.
 */
export function galaxyCoverage(
  catalogues: readonly Pick<Catalogue, 'kind' | 'coverage'>[],
): (position: SkyPosition) => boolean {
  const maps = catalogues
    .filter(({ kind }) => kind === 'galaxy' || kind === 'mixed')
    .map(({ coverage }) => (coverage === null ? null : Buffer.from(coverage, 'base64')));
  return ({ ra, decl }) => {
    if (!(Number.isFinite(ra) && decl >= -90 && decl <= 90)) return false;
    const cell = Number(hpx29(ra, decl) >> BigInt(2 * (29 - COVERAGE_ORDER)));
    return maps.some((map) => map === null || (map[cell >> 3] & (1 << (cell & 7))) !== 0);
  };
}
