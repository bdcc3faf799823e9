import { expect } from 'chai';

import { filterTopicName } from '../../../common/filters/topic-name.ts';
import type { Database } from '../../../common/store/database.ts';
import { claimTopic } from '../../../common/store/filter-topics.ts';
import { freshDatabase } from '../../servers.ts';

describe('topics of filters', () => {
  let db: Database;

  before(async () => {
    ({ db } = await freshDatabase());
  });
  after(() => db?.close());

  it('are called as Lasair calls them, and never as those of another owner', () => {
    expect(filterTopicName('lasair_', 2, 'SN-like candidates')).to.equal(
      'lasair_2SN-likecandidates',
    );
    expect(filterTopicName('lasair_', 12, 'x')).to.equal('lasair_12x');
    for (const name of ['2x', ' 2x', '*2x', '/2x']) {
      expect(filterTopicName('lasair_', 1, name)).to.equal('lasair_1_2x');
    }
    // As the topics of a survey are called, where somebody chose its name as the prefix.
    expect(filterTopicName('ztf_', 2, '0261121_programid1')).to.equal('ztf_2_0261121_programid1');
    expect(filterTopicName('lasair_', 1, '../../../etc/passwd\n\0')).to.equal(
      'lasair_1......etcpasswd',
    );
  });

  it('are found where somebody took every name that could be guessed', async () => {
    const names = new Set<string>();
    for (const [queryId, name] of [
      [1, 'x'],
      [2, 'x_3'],
      [3, 'x'],
    ] as const) {
      const claim = (wanted: string) =>
        claimTopic(db, queryId, wanted, new Date(), () => Promise.resolve(['lasair_5y', 'a.b']));
      const { topic } = await claim(`lasair_5${name}`);
      expect((await claim('lasair_5other')).topic).to.equal(topic);
      names.add(topic);
    }
    expect(names.size).to.equal(3);
    const theirs = ['lasair_5y', 'lasair.5y', 'lasair_5y_4'];
    for (const [i, held] of theirs.entries()) {
      const inKafka = () => Promise.resolve(theirs.slice(0, i + 1));
      const { topic } = await claimTopic(db, 4 + i, 'lasair_5y', new Date(), inKafka);
      expect(topic, `beside ${held}`).to.equal(`lasair_5y_${4 + i}`);
    }
    expect([...names][2]).to.match(/^lasair_5x_3_[0-9a-f]{8}$/);
  });
});
