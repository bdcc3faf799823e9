import { InvalidInputError } from '../errors.ts';

/** Parts of the critical density today; the rest up to 1 is curvature. */
export interface Cosmology {
  /** km/s/Mpc */
  hubble: number;
  matter: number;
  darkEnergy: number;
  radiation: number;
}

/** The one that Lasair takes: flat but for the radiation, which is that of photons and three neutrinos. */
export const LASAIR_COSMOLOGY: Cosmology = {
  hubble: 70,
  matter: 0.3,
  darkEnergy: 0.7,
  radiation: 4.165e-5 / 0.7 ** 2,
};

const SPEED_OF_LIGHT_KM_S = 299_792.458;
/** Steps of Simpson's rule in ln(1 + z): good to 2e-9 up to redshift 20. */
const STEPS = 128;

/**
 * Luminosity distance of a redshift.
 *
 * @returns Mpc.
 * @throws {InvalidInputError} for a redshift that is not positive and finite.
 * @see Hogg 1999, astro-ph/9905116, eqs. 14 to 21.
 */
export function luminosityDistanceMpc(z: number, cosmology = LASAIR_COSMOLOGY): number {
  if (!(z > 0 && z < Infinity)) throw new InvalidInputError(`${z} is not the redshift of a galaxy`);
  const { hubble, matter, darkEnergy, radiation } = cosmology;
  const curvature = 1 - matter - darkEnergy - radiation;
  const integrand = (logScale: number) => {
    const scale = Math.exp(logScale);
    const square = scale * scale;
    const expansion = darkEnergy + square * (curvature + scale * (matter + scale * radiation));
    return scale / Math.sqrt(expansion);
  };
  const end = Math.log1p(z);
  const step = end / STEPS;
  let sum = integrand(0) + integrand(end);
  for (let i = 1; i < STEPS; i++) sum += (i % 2 === 1 ? 4 : 2) * integrand(i * step);
  const hubbleDistance = SPEED_OF_LIGHT_KM_S / hubble;
  return (1 + z) * hubbleDistance * transverse((sum * step) / 3, curvature);
}

/** Distance modulus, mag, of a distance in Mpc. */
export function distanceModulus(distanceMpc: number): number {
  return 5 * Math.log10(distanceMpc) + 25;
}

/** Comoving distance across the line of sight, in Hubble distances, of that along it. */
function transverse(distance: number, curvature: number): number {
  const root = Math.sqrt(Math.abs(curvature));
  // sinh(x)/x and sin(x)/x are 1 to the last digit.
  if (root * distance < 1e-8) return distance;
  return curvature > 0 ? Math.sinh(root * distance) / root : Math.sin(root * distance) / root;
}
