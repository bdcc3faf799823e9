import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { guessSurvey } from '../../../ingest/replay/guess-survey.ts';
import { requireReference } from '../../common/astro/reference.ts';

/** An Avro container of which only the header matters. */
function container(schema: string): Buffer {
  const text = (value: string) => {
    const bytes = Buffer.from(value);
    const zigzag = 2 * bytes.length;
    return Buffer.concat([Buffer.from([(zigzag & 0x7f) | 0x80, zigzag >> 7]), bytes]);
  };
  return Buffer.concat([
    Buffer.from('Obj\x01\x02', 'latin1'),
    text('avro.schema'),
    text(schema),
    Buffer.alloc(17),
  ]);
}

describe('guessSurvey', () => {
  const expected: [string, string | undefined][] = [
    ['alerts/ztf', 'ztf'],
    ['alerts/lsst/container_fake', 'lsst'],
    ['alerts/lsst/wire_minimal', 'lsst'],
    ['alerts/lsst/wire_original', 'lsst'],
    ['alerts/lsst/wire_v10.0_20260310', 'lsst'],
    ['alerts/lsst/wire_v7.1_or4_simulated', 'lsst'],
    ['alerts/lsst/elasticc', undefined],
    ['alerts/lsst/json_lasair', undefined],
    ['alerts/other_surveys', undefined],
  ];
  for (const [folder, survey] of expected) {
    it(`takes the packets of ${folder} for ${survey ?? 'nobody’s'}`, function () {
      const path = requireReference(this, folder);
      const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      );
      expect(files.length).to.be.above(0);
      for (const file of files) {
        const name = join(file.parentPath, file.name);
        expect(guessSurvey(readFileSync(name)), name).to.equal(survey);
      }
    });
  }

  it('knows the names of schemas however they are written', () => {
    const record = (fields: object) => container(JSON.stringify({ type: 'record', ...fields }));
    expect(guessSurvey(record({ name: 'alert', namespace: 'ztf' }))).to.equal('ztf');
    expect(guessSurvey(record({ name: 'ztf.alert', fields: [] }))).to.equal('ztf');
    expect(guessSurvey(record({ name: 'alert', namespace: 'lsst.v11_1' }))).to.equal('lsst');
    expect(guessSurvey(record({ name: 'alert', namespace: 'lsst.v11_1.other' }))).to.equal(
      undefined,
    );
    expect(guessSurvey(record({ name: 'alert' }))).to.equal(undefined);
    expect(guessSurvey(record({ name: 'topLevelRecord', fields: [] }))).to.equal(undefined);
  });

  it('takes nothing else for a packet', () => {
    const wire = (id: number) => {
      const bytes = Buffer.alloc(20);
      bytes.writeUInt32BE(id, 1);
      return bytes;
    };
    expect(guessSurvey(wire(99))).to.equal(undefined);
    expect(guessSurvey(wire(100))).to.equal('lsst');
    expect(guessSurvey(wire(9_999))).to.equal('lsst');
    expect(guessSurvey(wire(10_000))).to.equal(undefined);
    expect(guessSurvey(wire(1000).subarray(0, 5))).to.equal(undefined);
    expect(guessSurvey(Buffer.alloc(0))).to.equal(undefined);
    expect(guessSurvey(Buffer.from('Obj\x01', 'latin1'))).to.equal(undefined);
    expect(guessSurvey(Buffer.from('Obj\x01\xff\xff\xff\xff', 'latin1'))).to.equal(undefined);
    expect(guessSurvey(container('{"type": "record", NaN'))).to.equal(undefined);
    expect(guessSurvey(container('null'))).to.equal(undefined);
  });
});
