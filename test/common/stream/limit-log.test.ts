import { expect } from 'chai';

import { silentLog } from '../../../common/log.ts';
import { limitLog } from '../../../common/stream/limit-log.ts';

describe('limitLog', () => {
  it('says a sentence once a minute and how often it was left unsaid', () => {
    const said: [string, unknown][] = [];
    let now = 0;
    const log = limitLog(
      { ...silentLog, warn: (message, facts) => void said.push([message, facts]) },
      () => now,
    );
    for (now = 0; now < 60_000; now += 1_000) log.warn('Kafka does not answer');
    log.warn('something else');
    log.warn('Kafka does not answer');
    expect(said).to.deep.equal([
      ['Kafka does not answer', {}],
      ['something else', {}],
      ['Kafka does not answer', { repeats: 59 }],
    ]);
  });
});
