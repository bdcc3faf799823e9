/**
 * Extinction A / E(B-V) of Rubin's bands, mag, for E(B-V) of Schlegel, Finkbeiner & Davis (1998).
 *
 * @see Schlafly & Finkbeiner 2011, ApJ 737, 103, table 6, R_V = 3.1.
 */
export const LSST_EXTINCTION = { u: 4.145, g: 3.237, r: 2.273, i: 1.684, z: 1.323, y: 1.088 };

/** How many times brighter a source would be without the dust: 10^(0.4 R E(B-V)). */
export function dereddeningFactor(ebv: number, extinction: number): number {
  return 10 ** (0.4 * extinction * ebv);
}
