import type { ParameterValue } from '../../../../common/store/database.ts';

/** The moment of the small sky. */
export const NOW = new Date('2026-03-15T00:00:00Z');
/** Julian Date and Modified Julian Date of NOW, UTC, and MJD, TAI. */
export const JD = 2_461_114.5;
export const MJD = 61_114;
export const MJD_TAI = MJD + 37 / 86_400;

/** A row of a table, as far as it matters. */
export type Row = Record<string, ParameterValue>;
