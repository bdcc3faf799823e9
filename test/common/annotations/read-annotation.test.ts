import { expect } from 'chai';

import { parseAnnotationJson } from '../../../common/annotations/parse-json.ts';
import { readAnnotation } from '../../../common/annotations/read-annotation.ts';
import type { ReadOptions } from '../../../common/annotations/read-annotation.ts';

/** As the official client sends it. */
const WHOLE = {
  topic: 'quick',
  objectId: 'ZTF21abiuvdk',
  classification: 'SN Ia',
  version: '0.1',
  explanation: '',
  classdict: '{"prob": 0.93}',
  url: '',
};

function read(change: object, options: Partial<ReadOptions> = {}) {
  return readAnnotation({ ...WHOLE, ...change }, { isStrict: true, ...options });
}

function problemOf(change: object, options?: Partial<ReadOptions>): string {
  const result = read(change, options);
  if (!('problems' in result)) throw new Error(`accepted: ${JSON.stringify(change)}`);
  const entries = Object.entries(result.problems);
  expect(entries).to.have.length(1);
  return `${entries[0][0]}: ${entries[0][1].join(' ')}`;
}

describe('reading an annotation', () => {
  it('takes what the client sends, and tells the survey by the id', () => {
    expect(read({})).to.deep.equal({ survey: 'ztf', annotation: WHOLE });
    expect(read({ objectId: 'ztf21ABIUVDK' }, { survey: 'ztf' })).to.deep.equal(read({}));
    const rubin = read({ objectId: ' 170055002004914266 ' });
    expect(rubin).to.deep.include({ survey: 'lsst' });
    expect(rubin).to.deep.equal(read({ objectId: '170055002004914266' }, { survey: 'lsst' }));
  });

  it('keeps texts of any language to the letter', () => {
    const said = {
      explanation: `l'étoile 🌟 "x" \\ <b>`,
      classdict: '{ "é🌟": "it\'s", "n": 1.0 }',
    };
    const result = read(said);
    expect('annotation' in result && result.annotation).to.deep.include(said);
  });

  it('wants all fields at Lasair’s addresses, and only some elsewhere', () => {
    for (const name of Object.keys(WHOLE)) {
      expect(problemOf({ [name]: undefined })).to.equal(`${name}: This field is needed.`);
    }
    const few = { topic: 'quick', objectId: 'ZTF21abiuvdk', classification: 'SN' };
    expect(readAnnotation(few, { isStrict: false })).to.deep.equal({
      survey: 'ztf',
      annotation: { ...few, version: '0.1', explanation: '', classdict: '{}', url: '' },
    });
    const none = { objectId: few.objectId, classification: few.classification };
    expect(readAnnotation(none, { isStrict: false, topic: 'quick' })).to.deep.equal(
      readAnnotation(few, { isStrict: false }),
    );
  });

  it('takes a classdict as an object too', () => {
    const result = read({ classdict: { prob: 0.93, deep: { a: [1] } } });
    expect('annotation' in result && result.annotation.classdict).to.equal(
      '{"prob":0.93,"deep":{"a":[1]}}',
    );
  });

  it('says what is wrong, by field', () => {
    expect(problemOf({ classification: ' ' })).to.match(/^classification: .*blank/);
    expect(problemOf({ topic: 7 })).to.equal('topic: This must be a text.');
    expect(problemOf({ classification: 'x'.repeat(257) })).to.match(/no more than 256/);
    expect(problemOf({ explanation: 'x'.repeat(1025) })).to.match(/no more than 1024/);
    expect(problemOf({ url: 'a\0b' })).to.match(/cannot be kept/);
    expect(problemOf({ explanation: 'half \ud800' })).to.match(/cannot be kept/);
    expect(problemOf({ objectId: 'SN2021abc' })).to.match(/objectId of ZTF.*diaObjectId/);
    expect(problemOf({ objectId: '170055002004914266' }, { survey: 'ztf' })).to.match(/of ZTF/);
    expect(problemOf({ objectId: 'ZTF21abiuvdk' }, { survey: 'lsst' })).to.match(/19 digits/);
    expect(problemOf({ objectId: '99999999999999999999' })).to.match(/objectId/);
    expect(problemOf({ objectId: 170055002004914270 })).to.match(/lost its last digits/);
    expect(problemOf({ objectId: ['ZTF21abiuvdk'] })).to.match(/objectId/);
    for (const input of [null, [], 'x', 3, undefined]) {
      expect(readAnnotation(input, { isStrict: false }), String(input)).to.have.property(
        'problems',
      );
    }
  });

  it('refuses what is no JSON object, or what a database could not read', () => {
    const of = (classdict: unknown) => problemOf({ classdict });
    expect(of('')).to.match(/blank/);
    expect(of('{"p": NaN}')).to.match(/NaN and Infinity are no JSON/);
    expect(of('{"p": -Infinity}')).to.match(/NaN and Infinity are no JSON/);
    expect(of('{p: 1}')).to.match(/must be JSON/);
    expect(of('[1]')).to.match(/JSON object/);
    expect(of('"NaN"')).to.match(/JSON object/);
    expect(of('null')).to.match(/JSON object/);
    expect(of('{"p": 1e999}')).to.match(/too large/);
    expect(of('{"p": "\\ud800"}')).to.match(/surrogate/);
    expect(of('{"\\udfff": 1}')).to.match(/surrogate/);
    expect(of(`{"p": "${'x'.repeat(4096)}"}`)).to.match(/no more than 4096/);
    expect(of(`{"p": ${'['.repeat(17)}${']'.repeat(17)}}`)).to.match(/deeper than 16/);
    expect(of(`{"p": ${'['.repeat(1500)}${']'.repeat(1500)}}`)).to.match(/deeper than 16/);
    expect(read({ classdict: `{"p": ${'['.repeat(15)}${']'.repeat(15)}}` })).to.have.property(
      'annotation',
    );
    expect(read({ classdict: '{"p": "NaN"}' })).to.have.property('annotation');
  });
});

describe('JSON with annotations', () => {
  it('keeps the digits of ids, and touches nothing else', () => {
    expect(
      parseAnnotationJson(
        '[{"objectId": 170055002004914266, "classdict": "{\\"objectId\\": 170055002004914266}"}, {"diaObjectId":9223372036854775807}, {"objectId": 12, "n": 170055002004914266}]',
      ),
    ).to.deep.equal([
      { objectId: '170055002004914266', classdict: '{"objectId": 170055002004914266}' },
      { diaObjectId: '9223372036854775807' },
      { objectId: 12, n: 170055002004914270 },
    ]);
    expect(() => parseAnnotationJson('{"objectId": 1700550020049142.5e}')).to.throw(SyntaxError);
  });
});
