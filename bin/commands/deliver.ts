import { Command } from 'commander';

import { startDelivery } from '../../post_ingest/delivery/start-delivery.ts';
import { runProcess } from '../run-process.ts';

export function deliverCommand(): Command {
  return new Command('deliver')
    .description(
      'send what filters passed to Kafka, mail and webhooks; one process of many does so',
    )
    .action(() => runProcess('deliver', (context) => startDelivery(context)));
}
