import { LSST } from './lasair-queries-of-lsst.ts';
import { OF_2019 } from './lasair-queries-of-2019.ts';
import { ZTF_TODAY } from './lasair-queries-of-ztf.ts';
import type { LasairQuery } from './lasair-query.ts';

/**
 * The kinds of queries that Lasair's users write, as its report of 2019, its documentation, its
 * notebooks and public filters show them, with the rows that each has in the small sky. Anyone may
 * add one: the names of columns and functions are facts of Lasair's, the numbers are of the small
 * sky.
 */
export const LASAIR_QUERIES: LasairQuery[] = [...OF_2019, ...ZTF_TODAY, ...LSST];
