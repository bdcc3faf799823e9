import { G, I, R, Y, Z } from '../light-curves.ts';
import { gaussianAt } from '../random.ts';
import { POPULATIONS } from './field-things.ts';
import type { Population } from './field-things.ts';
import type { KnownThing } from './known-thing.ts';

/** What a simulated catalogue lists and how it writes it: columns named as in the real one. */
export interface CatalogueFormat {
  /** The real catalogue it is written like. */
  like: string;
  columns: readonly string[];
  /** Faintest magnitude in r. */
  limit: number;
  lists(thing: KnownThing): boolean;
  /** Values in the order of the columns; empty where the catalogue has none. */
  row(thing: KnownThing): (string | number | bigint)[];
  /** What it is filled up with, in turn. */
  fill: readonly Population[];
}

/** Part of what there is that the lists of known active nuclei, variables and novae have. */
const KNOWN_AGN = 0.75;
const KNOWN_VARIABLES = 0.7;
const KNOWN_CVS = 0.6;
/** Galaxies brighter than this have a spectroscopic redshift. */
const SPECTROSCOPIC_LIMIT = 17.8;
const PHOTO_Z_SCATTER = 0.03;
/** Half-light radii in the isophote that sizes are given for. */
const ISOPHOTE_RADII = 2.5;
/** Colour of galaxies, AB against Vega. */
const Z_MINUS_KS = 1.9;
const LIGHT_SPEED_KM_S = 299_792.458;
const HUBBLE_KM_S_MPC = 70;

/** A position just short of 360 degrees may not round to it. */
const degrees = (value: number) => (value > 359.999999995 ? 0 : value).toFixed(8);
const mag = (value: number) => value.toFixed(3);
const isVariable = ({ kind }: KnownThing) => kind === 'rrLyrae' || kind === 'eclipsing';
const isNova = ({ kind }: KnownThing) => kind === 'dwarfNova';
const isAgn = ({ kind }: KnownThing) => kind === 'agn';
const VSX_TYPES: Record<string, string> = { rrLyrae: 'RRAB', eclipsing: 'EA', dwarfNova: 'UG' };

/** By the name of the preset that `bin/glint catalogue load` reads them with. */
export const CATALOGUE_FORMATS = {
  gaia_dr3: {
    like: 'Gaia DR3',
    columns: [
      'source_id',
      'ra',
      'dec',
      'parallax',
      'parallax_over_error',
      'pm',
      'phot_g_mean_mag',
      'bp_rp',
      'classprob_dsc_combmod_star',
    ],
    limit: 20.7,
    lists: (thing) => thing.isStar,
    row(thing) {
      const error = 0.02 * 10 ** (0.22 * Math.max(0, thing.mags[R] - 13));
      const parallax = thing.parallax + error * noiseOf(thing, 1);
      const motion = Math.hypot(thing.properMotion, error * noiseOf(thing, 2));
      return [
        thing.serial,
        degrees(thing.ra),
        degrees(thing.dec),
        parallax.toFixed(4),
        (parallax / error).toFixed(3),
        motion.toFixed(3),
        mag(thing.mags[R] + 0.1),
        mag(thing.mags[G] - thing.mags[I]),
        isAgn(thing) ? '0.0200' : '0.9900',
      ];
    },
    fill: ['star'],
  },
  panstarrs: {
    like: 'Pan-STARRS1 with the star-galaxy scores of Tachibana & Miller 2018',
    columns: [
      'objID',
      'raMean',
      'decMean',
      'gMeanPSFMag',
      'rMeanPSFMag',
      'iMeanPSFMag',
      'zMeanPSFMag',
      'yMeanPSFMag',
      'ps_score',
    ],
    limit: 22.8,
    lists: () => true,
    row: (thing) => [
      thing.objectId,
      degrees(thing.ra),
      degrees(thing.dec),
      ...[G, R, I, Z, Y].map((band) => mag(thing.mags[band])),
      starScore(thing).toFixed(4),
    ],
    fill: ['star', 'galaxy'],
  },
  ned_lvs: {
    like: 'NED-LVS, with photometric redshifts farther out',
    columns: [
      'objname',
      'ra',
      'dec',
      'objtype',
      'z',
      'z_unc',
      'z_tech',
      'DistMpc',
      'DistMpc_method',
      'Diam',
      'm_Ks',
    ],
    limit: 22.5,
    lists: (thing) => !thing.isStar,
    row(thing) {
      const z = thing.redshift ?? 0;
      const isSpectroscopic = thing.mags[R] < SPECTROSCOPIC_LIMIT;
      const photoZ = Math.max(0.001, z + PHOTO_Z_SCATTER * (1 + z) * noiseOf(thing, 3));
      return [
        `SIM G${thing.serial}`,
        degrees(thing.ra),
        degrees(thing.dec),
        'G',
        (isSpectroscopic ? z : photoZ).toFixed(6),
        isSpectroscopic ? '0.0001' : (PHOTO_Z_SCATTER * (1 + z)).toFixed(4),
        isSpectroscopic ? 'SPEC' : 'PHOT',
        distanceMpc(isSpectroscopic ? z : photoZ).toFixed(3),
        'Redshift',
        (2 * ISOPHOTE_RADII * thing.radius).toFixed(2),
        mag(thing.mags[Z] - Z_MINUS_KS),
      ];
    },
    fill: ['galaxy'],
  },
  milliquas: {
    like: 'Milliquas',
    columns: ['RA', 'DEC', 'NAME', 'TYPE', 'RMAG', 'BMAG', 'Z'],
    limit: 21.5,
    lists: (thing) => isAgn(thing) && thing.luck < KNOWN_AGN,
    row: (thing) => [
      degrees(thing.ra),
      degrees(thing.dec),
      `SIM Q${thing.serial}`,
      thing.isStar ? 'Q' : 'A',
      mag(thing.mags[R]),
      mag(thing.mags[G]),
      (thing.redshift ?? 0).toFixed(4),
    ],
    fill: ['agn'],
  },
  vsx: {
    like: 'AAVSO VSX',
    columns: ['OID', 'Name', 'RAdeg', 'DEdeg', 'Type', 'max', 'n_max'],
    limit: 20.5,
    lists: (thing) => isVariable(thing) && thing.luck < KNOWN_VARIABLES,
    row: (thing) => [
      thing.serial,
      `SIM V${thing.serial}`,
      degrees(thing.ra),
      degrees(thing.dec),
      VSX_TYPES[thing.kind ?? ''] ?? 'VAR',
      mag(thing.mags[R]),
      'r',
    ],
    fill: ['variable'],
  },
  ritter_kolb: {
    like: 'Ritter & Kolb',
    columns: ['Name', 'RAJ2000', 'DEJ2000', 'Type1', 'mag1'],
    limit: 23,
    lists: (thing) => isNova(thing) && thing.luck < KNOWN_CVS,
    row: (thing) => [
      `SIM CV${thing.serial}`,
      degrees(thing.ra),
      degrees(thing.dec),
      'DN',
      mag(thing.mags[R]),
    ],
    fill: ['cv'],
  },
} as const satisfies Record<string, CatalogueFormat>;

export type SimulatedCatalogue = keyof typeof CATALOGUE_FORMATS;
export const SIMULATED_CATALOGUES = Object.keys(CATALOGUE_FORMATS) as SimulatedCatalogue[];

export const formatOf = (name: SimulatedCatalogue): CatalogueFormat => CATALOGUE_FORMATS[name];

/** Luminosity distance to second order, the one that simulated redshifts were drawn with. */
function distanceMpc(z: number): number {
  return (LIGHT_SPEED_KM_S / HUBBLE_KM_S_MPC) * z * (1 + 0.775 * z);
}

/** As ZTF's packets have it: near 1 for stars, below a half for galaxies. */
function starScore({ isStar, objectId }: KnownThing): number {
  const spread = Number(objectId % 997n) / 997;
  return isStar ? 1 - 0.25 * spread ** 3 : 0.4 * spread ** 2;
}

function noiseOf({ serial, objectId }: KnownThing, key: number): number {
  return gaussianAt(serial % 2 ** 31, Number(objectId % 2_147_483_647n), key, POPULATIONS.length);
}
