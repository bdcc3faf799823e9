import avsc from 'avsc';
import { expect } from 'chai';

import { ZTF_ALERT_SCHEMA } from '../../../../ingest/surveys/ztf/packet-schema.ts';
import { collectRecords, hasSharedData, publishedRecords, sharedData } from '../survey-schemas.ts';

describe('ZTF_ALERT_SCHEMA', () => {
  it('is accepted by Avro, under the names of the survey', () => {
    const type = avsc.Type.forSchema(ZTF_ALERT_SCHEMA as avsc.Schema) as avsc.types.RecordType;
    expect(type.name).to.equal('ztf.alert');
    expect(type.field('candidate').type.name).to.equal('ztf.alert.candidate');
    expect(ZTF_ALERT_SCHEMA.version).to.equal('4.02');
  });

  it('has the fields, types and order of the published schema', function () {
    if (!hasSharedData) {
      console.log(`      skipped: no reference data in ${sharedData}`); // eslint-disable-line no-console
      this.skip();
    }
    expect(collectRecords(ZTF_ALERT_SCHEMA)).to.deep.equal(publishedRecords('ztf', '4.02'));
  });
});
