import { expect } from 'chai';

import type { Context } from '../../../common/context.ts';
import { matchId } from '../../../common/filters/filter.ts';
import { selectOptionalTopic } from '../../../common/store/filter-topics.ts';
import { selectMatchesAfter } from '../../../common/store/outbox.ts';
import { startDelivery } from '../../../post_ingest/delivery/start-delivery.ts';
import { insertRows } from '../../common/store/insert-rows.ts';
import { readTopics, until } from '../../common/stream/read-topic.ts';
import { deliveryContext } from '../delivery/delivery-world.ts';
import { storeAlerts } from './many-alerts.ts';
import { openFilterStand } from './stand.ts';
import type { FilterStand } from './stand.ts';

const ALERTS = 6_000;
const IN_A_BATCH = 250;
const IN_A_ROUND = 2_000;
const PREFIX = `burst${Date.now()}_`;

describe('filters on a whole visit that comes at once', function () {
  this.timeout(120_000);
  let stand: FilterStand;
  let context: Context;
  let ids: string[];

  before(async () => {
    stand = await openFilterStand();
    const environment = { GLINT_FILTER_TOPIC_PREFIX: PREFIX };
    context = await deliveryContext(stand.db, stand.url, environment, true);
    ids = await storeAlerts(stand.db, ALERTS, 2_461_000.6);
  });
  after(() => stand?.close());

  it('take few rounds, none of them larger than it may be, and tell of every alert', async () => {
    const every = await stand.filter('SELECT objectId, ncand FROM objects WHERE ncand >= 0');
    const some = await stand.filter('SELECT objectId, ncand FROM objects WHERE ncand < 5', {
      memory: { kind: 'once' },
    });
    const settings = JSON.stringify({ content: 'columns' });
    await insertRows(stand.db, 'glint', 'filter_outputs', [
      { mq_id: every, channel: 'kafka', active: 1, settings, next_seq: 1 },
    ]);
    for (let start = 0; start < ALERTS; start += IN_A_BATCH) {
      const batch = ids.slice(start, start + IN_A_BATCH);
      await stand.alerts(batch.map((id, i): [string, number] => [id, start + i]));
    }
    let rounds = 0;
    await stand.settle({
      limits: { roundAlerts: IN_A_ROUND, maxShare: 1, softMs: 10_000 },
      onStage: (stage) => (rounds += stage === 'committed' ? 1 : 0),
    });
    expect(rounds).to.equal(ALERTS / IN_A_ROUND);
    const matches = await selectMatchesAfter(stand.db, every, 0n, 2 * ALERTS);
    expect(matches.map(({ objectId }) => objectId)).to.deep.equal(ids);
    expect((await stand.matches(some)).length).to.equal(ALERTS / 2);

    const delivery = await startDelivery(context);
    await until(async () => {
      const [[next]] = await stand.db.arrays(
        'SELECT next_seq FROM glint.filter_outputs WHERE mq_id = :every',
        { every },
      );
      return Number(next) === ALERTS + 1;
    });
    await delivery.stop();
    const topic = (await selectOptionalTopic(stand.db, every))?.topic ?? '';
    const reader = await readTopics(context.config.kafka, new RegExp(`^${topic}$`));
    await until(() => reader.messages.length >= ALERTS);
    await reader.consumption.stop();
    const received = reader.messages.map(({ headers }) => headers?.get('glint-id'));
    expect(received).to.deep.equal(matches.map(matchId));
  });
});
