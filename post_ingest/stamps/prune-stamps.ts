import { pruneStampCache } from '../../common/store/prune-stamps.ts';
import type { Job } from '../job.ts';

/** Keeps the rendered stamps within what the settings allow. */
export const pruneStamps: Job = {
  name: 'prune-stamps',
  schedule: '47 * * * *',
  description: 'delete the rendered stamps of the oldest nights where there are too many',
  async run({ config, now }, signal) {
    const { deletedFiles, leftBytes } = await pruneStampCache(
      config.stampDir,
      config.stampCacheBytes,
      now(),
      signal,
    );
    return `${deletedFiles} stamps deleted, ${Math.round(leftBytes / 1e6)} MB left`;
  },
};
