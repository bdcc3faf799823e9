import { parseConfig } from '../../../common/config.ts';
import { silentLog } from '../../../common/log.ts';
import { openDatabase } from '../../../common/store/database.ts';
import { startDelivery } from '../../../post_ingest/delivery/start-delivery.ts';

/** A deliverer that is killed at a stage of a channel, as by the machine: arguments stage and channel. */
const [wantedStage, wantedChannel] = process.argv.slice(2);
const config = parseConfig(process.env);
const db = openDatabase(config.databaseUrl ?? '');
await startDelivery(
  { config, db, log: silentLog, now: () => new Date() },
  {
    onStage(stage, channel) {
      if (stage === wantedStage && channel === wantedChannel) process.kill(process.pid, 'SIGKILL');
    },
  },
);
