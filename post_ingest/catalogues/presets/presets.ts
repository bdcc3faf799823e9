import { InvalidInputError } from '../../../common/errors.ts';
import type { CatalogueMap } from '../catalogue-map.ts';
import { GLADE_PLUS, MILLIQUAS, NED_LVS } from './galaxies.ts';
import { GAIA_DR3, RITTER_KOLB, TWOMASS, VSX } from './stars.ts';
import { ALLWISE, PANSTARRS, SDSS } from './surveys.ts';

/** The catalogues whose columns are known, by the name their table gets. */
export const PRESETS: Readonly<Record<string, CatalogueMap>> = {
  gaia_dr3: GAIA_DR3,
  panstarrs: PANSTARRS,
  sdss: SDSS,
  glade_plus: GLADE_PLUS,
  ned_lvs: NED_LVS,
  milliquas: MILLIQUAS,
  vsx: VSX,
  twomass: TWOMASS,
  allwise: ALLWISE,
  ritter_kolb: RITTER_KOLB,
};

/** @throws {InvalidInputError} if there is no preset of that name. */
export function presetNamed(name: string): CatalogueMap {
  const preset = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
  if (preset !== undefined) return preset;
  const names = Object.keys(PRESETS).join(', ');
  throw new InvalidInputError(`there is no preset ${name}: the presets are ${names}`);
}
