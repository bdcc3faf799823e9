import type { Survey } from '../../common/config.ts';
import type { Queries } from '../../common/store/database.ts';
import { addExposures } from '../../common/store/exposures.ts';
import {
  addExposure,
  allExposures,
  createExposureMemory,
  findExposure,
} from './exposure-memory.ts';
import type { ExposureMemory, Exposures } from './exposure-memory.ts';
import { readExposure } from './read-exposure.ts';
import type { SurveyRecord } from './read-exposure.ts';

/**
 * What a batch adds to the coverage. Detections are counted exactly; of all else that is measured at
 * an object's place, that the exposure was made, and how deep it went. An exposure of which neither
 * is new costs a look-up and nothing else.
 */
export interface CoverageCollector {
  /** Forgets what was collected: at the beginning of a batch, or when it is prepared anew. */
  clear(): void;
  /** A detection that is stored for the first time, as the packet has it. */
  addDetection(record: SurveyRecord): void;
  /** A non-detection of ZTF's or forced photometry of Rubin's that is stored for the first time. */
  addOther(record: SurveyRecord): void;
  /** Adds all of it, in the batch's transaction and last in it: rows are shared with other processes. */
  write(tx: Queries): Promise<void>;
  /** When the transaction has been committed: what was written need not be written again. */
  committed(): void;
}

/**
 * @param memory - Shared by all works of a survey in this process.
 */
export function createCoverageCollector(
  survey: Survey,
  memory: ExposureMemory = createExposureMemory(),
): CoverageCollector {
  let collected: Exposures = new Map();
  const read = { nid: 0, place: 0, band: 0, key: 0, n: 0, depth: 0 };

  const add = (n: number): void => {
    const { key, nid, place, band, depth } = read;
    if (n === 0) {
      const stored = memory.find(key, nid, place, band);
      if (stored !== undefined && depth <= stored.depth) return;
    }
    const exposure = findExposure(collected, key, nid, place, band);
    if (exposure === undefined) addExposure(collected, { key, nid, place, band, depth, n });
    else {
      exposure.n += n;
      exposure.depth = Math.max(exposure.depth, depth);
    }
  };

  return {
    clear() {
      collected = new Map();
    },
    addDetection(record) {
      if (readExposure(survey, record, read)) add(1);
    },
    addOther(record) {
      if (readExposure(survey, record, read)) add(0);
    },
    write: (tx) => addExposures(tx, survey, [...allExposures(collected)]),
    committed() {
      memory.learn(collected);
    },
  };
}
