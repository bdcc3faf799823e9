import { expect } from 'chai';

import { parseConfig } from '../../common/config.ts';
import { SetupError } from '../../common/errors.ts';

describe('the settings', () => {
  it('have defaults that run on one machine', () => {
    const config = parseConfig({ PATH: '/bin' });
    expect(config.batchSize).to.equal(1_000);
    expect(config.topics.ztf.test('ztf_20260101_programid1')).to.equal(true);
    expect(config.topics.ztf.test('xztf_20260101_programid1')).to.equal(false);
    expect(config.topics.lsst.test('lsst-alerts-v11.1')).to.equal(true);
    expect(config.kafka.brokers).to.equal(undefined);
  });

  it('let a survey have a Kafka of its own and take the rest from the general one', () => {
    const { surveyKafka } = parseConfig({
      GLINT_KAFKA_BROKERS: 'a:1, b:2',
      GLINT_KAFKA_GROUP: 'night',
      GLINT_LSST_KAFKA_BROKERS: 'c:3',
      GLINT_LSST_KAFKA_TLS: 'true',
    });
    expect(surveyKafka.ztf).to.include({ group: 'night', tls: false });
    expect(surveyKafka.ztf.brokers).to.deep.equal(['a:1', 'b:2']);
    expect(surveyKafka.lsst).to.include({ group: 'night', tls: true });
    expect(surveyKafka.lsst.brokers).to.deep.equal(['c:3']);
  });

  it('report every mistake together, by the name of the variable', () => {
    const wrong = {
      GLINT_BATCH_SIZE: 'many',
      GLINT_WEB_PORT: '99999',
      GLINT_DATABASE_URL: 'postgres://x',
      GLINT_ZTF_TOPICS: '(',
      GLINT_KAFKA_SASL_MECHANISM: 'kerberos',
      GLINT_COLOUR: 'blue',
    };
    expect(() => parseConfig(wrong)).to.throw(SetupError);
    try {
      parseConfig(wrong);
    } catch (err) {
      const { message } = err as Error;
      for (const name of Object.keys(wrong)) expect(message).to.include(name);
    }
  });
});
