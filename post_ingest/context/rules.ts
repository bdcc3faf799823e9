import type { SourceType } from '../../common/catalogues/source.ts';
import type { DistanceKind } from './distances.ts';

/** What an object at some distance from a source is taken for. */
export type Association = 'VS' | 'CV' | 'BS' | 'AGN' | 'NT' | 'SN' | 'UNCLEAR';

/** 1 the source itself, 2 belongs to it, 3 a hint. Ranks before everything else. */
export type Reliability = 1 | 2 | 3;

/** How far from a source a rule reaches: the smallest of what is given. */
export interface Radius {
  arcsec?: number;
  /** At the source's distance. */
  kpc?: number;
  /** Of the source's isophote. */
  semiMajorAxes?: number;
  /** How far the source moves in so many years, and `atLeastArcsec` besides. */
  years?: number;
  /** Straight lines between (magnitude, arcsec); as at the ends beyond them. */
  byMag?: readonly (readonly [number, number])[];
  /** Not less than this: positions and sizes are not better. */
  atLeastArcsec?: number;
}

/** What a neighbour may be: a source of a catalogue, or a body of the solar system. */
export type NeighbourType = SourceType | 'solar-system';

/** What a source must be for a rule to speak of it. */
export interface Condition {
  types: readonly NeighbourType[];
  /** Ways in which its distance is known; `none` if it is not. */
  distance?: readonly (DistanceKind | 'none')[];
  nearerThanMpc?: number;
  hasSize?: boolean;
  hasMag?: boolean;
  brighterThan?: number;
  fainterThan?: number;
  /** mas/yr */
  movesFasterThan?: number;
  isConfirmedStar?: boolean;
}

export interface Rule {
  name: string;
  of: Condition;
  radius: Radius;
  /** Class within the synonym radius; null if nearness says no more than the radius does. */
  synonym: Association | null;
  /** Class farther out, up to the radius. */
  association: Association;
  /** Of what lies between the synonym radius and the radius. */
  reliability: Reliability;
  /** Orders what is equally reliable: the smallest first. */
  score: { base: number; grows: 'kpc' | 'fraction' | 'arcsec' | 'chance' };
}

/** Changes whenever a change here may change a class: all objects are then looked at anew. */
export const RULES_VERSION = '1';

/** Nearer than this an object is the source, or in its nucleus. */
export const SYNONYM_ARCSEC = 1.5;

/** Star-galaxy scores as of Tachibana & Miller (2018, PASP 130, 128001): a star from, a galaxy below. */
export const STAR_SCORE_FROM = 0.83;
export const GALAXY_SCORE_BELOW = 0.5;
/** Brighter images are saturated in the surveys that give such scores. */
export const SATURATED_MAG = 14;

/** What no galaxy shows: parallax over its error, proper motion in mas/yr. */
export const CONFIRMED_STAR = { parallaxOverError: 5, properMotion: 50 };

/** Half of the radius at which the Legacy Surveys mask stars, 1630 x 1.396^-mag arcsec. */
const BRIGHT_STAR_ARCSEC = [
  [6, 110],
  [7, 79],
  [8, 56],
  [9, 40],
  [10, 29],
  [11, 21],
  [12, 15],
  [13, 10.7],
  [14, 7.6],
] as const;

/** Faint galaxies are small and many. */
const GALAXY_ARCSEC = [
  [16, 35],
  [18, 25],
  [20, 12],
  [22, 6],
  [24, 3],
] as const;

const FARTHEST_KPC = 50;
const SEMI_MAJOR_AXES = 2.4;

/** What belongs to what. Every rule that speaks of a source is applied; the best of them counts. */
export const RULES: readonly Rule[] = [
  {
    name: 'cataclysmic variable',
    of: { types: ['cv'] },
    radius: { arcsec: 2.5 },
    synonym: 'CV',
    association: 'CV',
    reliability: 2,
    score: { base: -60, grows: 'arcsec' },
  },
  {
    name: 'active nucleus',
    of: { types: ['agn'] },
    radius: { arcsec: 3 },
    synonym: 'AGN',
    association: 'SN',
    reliability: 2,
    score: { base: -50, grows: 'arcsec' },
  },
  {
    name: 'galaxy of an active nucleus, by distance',
    of: { types: ['agn'], distance: ['direct', 'spec'], nearerThanMpc: 7_000 },
    radius: { kpc: FARTHEST_KPC, arcsec: 60 },
    synonym: 'AGN',
    association: 'SN',
    reliability: 2,
    score: { base: -48, grows: 'kpc' },
  },
  {
    name: 'star that parallax or motion confirms',
    of: { types: ['star', 'variable', 'other'], isConfirmedStar: true },
    radius: { arcsec: SYNONYM_ARCSEC },
    synonym: 'VS',
    association: 'VS',
    reliability: 2,
    score: { base: -49, grows: 'arcsec' },
  },
  {
    name: 'variable star',
    of: { types: ['variable'] },
    radius: { arcsec: 2.5 },
    synonym: 'VS',
    association: 'VS',
    reliability: 2,
    score: { base: -10, grows: 'arcsec' },
  },
  {
    name: 'star',
    of: { types: ['star'] },
    radius: { arcsec: SYNONYM_ARCSEC },
    synonym: 'VS',
    association: 'VS',
    reliability: 2,
    score: { base: 0, grows: 'arcsec' },
  },
  {
    name: 'star of high proper motion',
    of: { types: ['star', 'variable', 'other'], movesFasterThan: 100 },
    radius: { years: 15, atLeastArcsec: SYNONYM_ARCSEC },
    synonym: 'VS',
    association: 'VS',
    reliability: 2,
    score: { base: 5, grows: 'fraction' },
  },
  {
    name: 'light of a bright star',
    of: { types: ['star', 'variable'], brighterThan: 14 },
    radius: { byMag: BRIGHT_STAR_ARCSEC },
    synonym: 'VS',
    association: 'BS',
    reliability: 2,
    score: { base: -48, grows: 'fraction' },
  },
  {
    name: 'galaxy, by distance and size',
    of: { types: ['galaxy'], distance: ['direct', 'spec'], hasSize: true },
    radius: {
      kpc: FARTHEST_KPC,
      semiMajorAxes: SEMI_MAJOR_AXES,
      arcsec: 5_400,
      atLeastArcsec: 3,
    },
    synonym: 'NT',
    association: 'SN',
    reliability: 2,
    score: { base: -48, grows: 'kpc' },
  },
  {
    name: 'galaxy, by distance',
    of: { types: ['galaxy'], distance: ['direct', 'spec'], hasSize: false },
    radius: { kpc: FARTHEST_KPC, arcsec: 300 },
    synonym: 'NT',
    association: 'SN',
    reliability: 2,
    score: { base: -48, grows: 'kpc' },
  },
  {
    name: 'galaxy, by photometric redshift',
    of: { types: ['galaxy'], distance: ['phot'], hasSize: false },
    radius: { kpc: FARTHEST_KPC, arcsec: 30 },
    synonym: 'NT',
    association: 'SN',
    reliability: 2,
    score: { base: -45, grows: 'kpc' },
  },
  {
    name: 'galaxy, by size',
    of: { types: ['galaxy'], distance: ['phot', 'none'], hasSize: true },
    radius: { semiMajorAxes: SEMI_MAJOR_AXES, arcsec: 600, atLeastArcsec: 3 },
    synonym: 'NT',
    association: 'SN',
    reliability: 2,
    score: { base: -20, grows: 'fraction' },
  },
  {
    name: 'galaxy, by brightness',
    of: { types: ['galaxy'], distance: ['phot', 'none'], hasSize: false, brighterThan: 20 },
    radius: { byMag: GALAXY_ARCSEC },
    synonym: 'NT',
    association: 'SN',
    reliability: 2,
    score: { base: 5, grows: 'chance' },
  },
  {
    // Too small to tell its nucleus from the rest of it.
    name: 'faint galaxy',
    of: { types: ['galaxy'], distance: ['phot', 'none'], hasSize: false, fainterThan: 20 },
    radius: { byMag: GALAXY_ARCSEC },
    synonym: null,
    association: 'SN',
    reliability: 2,
    score: { base: 5, grows: 'chance' },
  },
  {
    name: 'galaxy of unknown brightness',
    of: { types: ['galaxy'], distance: ['phot', 'none'], hasSize: false, hasMag: false },
    radius: { arcsec: 10 },
    synonym: null,
    association: 'SN',
    reliability: 3,
    score: { base: 5, grows: 'fraction' },
  },
  {
    name: 'source of unknown kind',
    of: { types: ['other'] },
    radius: { arcsec: SYNONYM_ARCSEC },
    synonym: null,
    association: 'UNCLEAR',
    reliability: 3,
    score: { base: 10, grows: 'arcsec' },
  },
  {
    // A galaxy or not: what is near it has no clear case for being near nothing.
    name: 'bright source of unknown kind',
    of: { types: ['other'], brighterThan: 18 },
    radius: { arcsec: 10 },
    synonym: null,
    association: 'UNCLEAR',
    reliability: 3,
    score: { base: 12, grows: 'fraction' },
  },
  {
    // Ephemerides are good to an arcsecond. After what stands there, before what stands near.
    name: 'body of the solar system',
    of: { types: ['solar-system'] },
    radius: { arcsec: 5 },
    synonym: null,
    association: 'UNCLEAR',
    reliability: 1,
    score: { base: 30, grows: 'arcsec' },
  },
];

/** What says best what a source is, where catalogues differ: the first of these that holds. */
export const TRUST: readonly Condition[] = [
  { types: ['solar-system'] },
  { types: ['cv'] },
  { types: ['agn'] },
  { types: ['galaxy'], distance: ['direct', 'spec'] },
  { types: ['star', 'variable', 'other'], isConfirmedStar: true },
  { types: ['variable'] },
  { types: ['galaxy'], hasSize: true },
  { types: ['star'], brighterThan: SATURATED_MAG },
  { types: ['galaxy'] },
  { types: ['star'] },
];

/** When entries of several catalogues are one source: how far apart they may lie, arcsec. */
export const ONE_SOURCE = {
  arcsec: 1.5,
  /** A star before a galaxy is no part of it. */
  starAndGalaxyArcsec: 1,
  /** Two entries of a large galaxy, in its semi-major axes, up to so many arcsec. */
  semiMajorAxes: 0.2,
  galaxiesArcsec: 10,
  /** Difference of distances, where the alert says no more than those. */
  distancesArcsec: 0.5,
};

/** Added to the score of what only the alert itself says: catalogues come first. */
export const PACKET_SCORE = 20;

/** Grows with the distance, per arcsec, of what an object may itself be: the nearer is likelier. */
export const SYNONYM_SCORE = 100;

/** What the growth of a score comes to at its end. */
export const SCORE_SPAN = 2.5;
/** Where the score of a projected distance has grown so far. */
export const SCORE_SPAN_KPC = FARTHEST_KPC;

/** Associations that are kept of each object. */
export const MOST_ASSOCIATIONS = 20;
