import type { SystemQuery } from '../../store/install-system-queries.ts';
import { NUCLEAR_TRANSIENTS } from './nuclear-transients.ts';
import { SUPERNOVAE } from './supernovae.ts';
import { TNS_CROSSMATCHES } from './tns-crossmatches.ts';

/** What comes with the program: the system streams of 2019, for both surveys, as pages order them. */
export const SYSTEM_QUERIES: SystemQuery[] = [
  ...SUPERNOVAE,
  ...NUCLEAR_TRANSIENTS,
  ...TNS_CROSSMATCHES,
];
