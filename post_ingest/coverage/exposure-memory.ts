import type { ExposureCount } from '../../common/store/exposures.ts';

/** What is known of one exposure at one place; the memory does not use its count. */
export interface Exposure extends ExposureCount {
  /** Another exposure of the same key, at another place. */
  next: Exposure | undefined;
}

/** Exposures by key; several places of one key hang together. */
export type Exposures = Map<number, Exposure>;

export function findExposure(
  exposures: Exposures,
  key: number,
  nid: number,
  place: number,
  band: number,
): Exposure | undefined {
  let found = exposures.get(key);
  while (
    found !== undefined &&
    (found.place !== place || found.nid !== nid || found.band !== band)
  ) {
    found = found.next;
  }
  return found;
}

export function addExposure(exposures: Exposures, exposure: ExposureCount): Exposure {
  const added = { ...exposure, next: exposures.get(exposure.key) };
  exposures.set(exposure.key, added);
  return added;
}

export function* allExposures(exposures: Exposures): Generator<Exposure> {
  for (const first of exposures.values()) {
    for (let each: Exposure | undefined = first; each !== undefined; each = each.next) yield each;
  }
}

/**
 * Exposures that the database is known to hold, so that they need not be written again for each of
 * the thousands of non-detections that name them. One for a survey and process.
 */
export interface ExposureMemory {
  find(key: number, nid: number, place: number, band: number): Exposure | undefined;
  /** Takes in what has been committed. */
  learn(committed: Exposures): void;
}

/** @param most - Keys it holds at least before it forgets; at the most it holds twice as many. */
export function createExposureMemory(most = 50_000): ExposureMemory {
  // What has not been used while the younger one filled up is forgotten with the elder.
  let young: Exposures = new Map();
  let old: Exposures = new Map();
  const remember = (exposure: Exposure) => {
    if (young.size >= most && !young.has(exposure.key)) {
      old = young;
      young = new Map();
    }
    const known = findExposure(young, exposure.key, exposure.nid, exposure.place, exposure.band);
    if (known === undefined) addExposure(young, { ...exposure, n: 0 });
    else known.depth = Math.max(known.depth, exposure.depth);
  };
  return {
    find(key, nid, place, band) {
      const found = findExposure(young, key, nid, place, band);
      if (found !== undefined) return found;
      const elder = findExposure(old, key, nid, place, band);
      if (elder !== undefined) remember(elder);
      return elder;
    },
    learn(committed) {
      for (const exposure of allExposures(committed)) remember(exposure);
    },
  };
}
