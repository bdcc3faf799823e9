import { Command, Option } from 'commander';

import { SURVEYS } from '../../common/config.ts';
import type { Survey } from '../../common/config.ts';
import { runProcess } from '../run-process.ts';

export function ingestCommand(): Command {
  return new Command('ingest')
    .description('read alerts from Kafka and store them; run as many as there are cores')
    .addOption(new Option('--survey <survey>', 'only this survey').choices(SURVEYS))
    .action(({ survey }: { survey?: Survey }) =>
      runProcess('ingest', async (context) => {
        const { startIngest } = await import('../../ingest/start-ingest.ts');
        return startIngest(context, { surveys: survey === undefined ? [...SURVEYS] : [survey] });
      }),
    );
}
