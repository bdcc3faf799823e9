import type { Survey } from '../../config.ts';

/** What a period thread is to search: an object's packed history. */
export interface PeriodOrder {
  survey: Survey;
  points: Uint8Array;
}
