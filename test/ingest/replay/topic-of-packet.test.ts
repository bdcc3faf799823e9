import { expect } from 'chai';

import { parseConfig } from '../../../common/config.ts';
import { silentLog } from '../../../common/log.ts';
import { createTopicNamer } from '../../../ingest/replay/topic-of-packet.ts';
import { containerHeader, writeLong } from '../../../ingest/simulate/avro-writer.ts';
import { rubinSchema } from '../../../ingest/surveys/lsst/packet-schemas.ts';
import { openReader } from '../../../ingest/surveys/surveys.ts';
import { rubinDatum, rubinPacket } from '../surveys/lsst/small-packet.ts';
import { smallZtfPacket } from '../surveys/ztf/small-packet.ts';

describe('createTopicNamer', () => {
  const config = parseConfig({ GLINT_HOME: '.' });
  const namer = (survey: 'ztf' | 'lsst') =>
    createTopicNamer(survey, openReader(survey, config, silentLog));

  it("names ZTF's by the night in UTC, with the object as key", async () => {
    const name = namer('ztf');
    // JD 2460000.5 begins 2023-02-25 UTC.
    for (const [jd, day] of [
      [2_460_000.49, '20230224'],
      [2_460_000.51, '20230225'],
      [2_458_119.5, '20180101'],
    ] as const) {
      const packet = smallZtfPacket({ objectId: 'ZTF18abcdefg', candidate: { jd } });
      expect(await name(packet)).to.deep.equal({
        topic: `ztf_${day}_programid1`,
        key: 'ZTF18abcdefg',
      });
    }
    expect(await name(Buffer.from('?'))).to.deep.equal({ topic: 'ztf_20180101_programid1' });
  });

  it("names Rubin's by the version, in wire format and in containers", async () => {
    const name = namer('lsst');
    expect(await name(Buffer.from('?'))).to.deep.equal({ topic: 'lsst-alerts-v10.0' });
    const source = { diaObjectId: 2n ** 60n };
    const wire = rubinPacket(1101, source);
    expect(await name(wire)).to.deep.equal({ topic: 'lsst-alerts-v11.1', key: String(2n ** 60n) });
    const datum = rubinDatum(702, source);
    const marker = Buffer.alloc(16);
    const container = Buffer.concat([
      containerHeader(JSON.stringify(rubinSchema(7, 2)), marker),
      ...[writeLong(1), writeLong(datum.length), datum, marker],
    ]);
    expect((await name(container)).topic).to.equal('lsst-alerts-v7.2');
    expect((await name(Buffer.from('?'))).topic).to.equal('lsst-alerts-v7.2');
  });

  it('begins with the topic of today where nothing was read yet', async () => {
    expect((await namer('ztf')(Buffer.from('?'))).topic).to.match(/^ztf_20\d{6}_programid1$/);
  });
});
