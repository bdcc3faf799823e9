import { expect } from 'chai';

import { packEntries, unpackEntries } from '../../../common/filters/batch-entries.ts';
import type { BatchEntries } from '../../../common/filters/batch-entries.ts';
import { packColumn, unpackColumn, unpackValue } from '../../../common/filters/packed-values.ts';
import { findVerdicts, packVerdicts, unpackVerdicts } from '../../../common/filters/verdicts.ts';
import type { VerdictFrame } from '../../../common/filters/verdicts.ts';

const FRAME: VerdictFrame = {
  at: new Date('2026-03-01T00:00:00Z'),
  objectIds: ['ZTF20aaaaaaa', 'ZTF20aaaaaab', 'ZTF20aaaaaac'],
  columns: ['gmag', 'ncand'],
  values: [
    [17.25, null, 18.3],
    [3, 4, 5],
  ],
  filters: [
    {
      queryId: 3,
      version: 1,
      reason: '',
      otherwise: 'screened',
      outcomes: new Map([
        [2, 'passed'],
        [0, 'refused'],
      ]),
    },
    { queryId: 5, version: 2, reason: '', otherwise: 'screened', outcomes: new Map() },
    { queryId: 9, version: 1, reason: 'slow', otherwise: null, outcomes: new Map([[1, 'failed']]) },
  ],
};

describe('verdicts', () => {
  it('come back as they were packed', () => {
    const [frame] = unpackVerdicts(packVerdicts(FRAME));
    const byId = (all: VerdictFrame) => ({
      ...all,
      filters: [...all.filters].sort((a, b) => a.queryId - b.queryId),
    });
    expect(byId(frame)).to.deep.equal(byId(FRAME));
  });

  it('are found for one object, the last ones of each filter', () => {
    const later: VerdictFrame = {
      ...FRAME,
      at: new Date('2026-03-01T00:01:00Z'),
      objectIds: ['ZTF20aaaaaab'],
      columns: ['gmag'],
      values: [[16]],
      filters: [
        { queryId: 9, version: 1, reason: '', otherwise: null, outcomes: new Map([[0, 'passed']]) },
      ],
    };
    const packed = Buffer.concat([packVerdicts(FRAME), packVerdicts(later)]);
    expect(findVerdicts(packed, 'ZTF20aaaaaab')).to.deep.equal([
      verdict(3, 1, 'screened', FRAME.at, { gmag: null, ncand: 4 }),
      verdict(5, 2, 'screened', FRAME.at, { gmag: null, ncand: 4 }),
      verdict(9, 1, 'passed', later.at, { gmag: 16 }),
    ]);
    expect(findVerdicts(packed, 'ZTF20aaaaaac').map(({ outcome }) => outcome)).to.deep.equal([
      'passed',
      'screened',
    ]);
    expect(findVerdicts(packed, 'ZTF20zzzzzzz')).to.deep.equal([]);
  });

  it('refuse bytes that are none', () => {
    expect(() => unpackVerdicts(Buffer.from('no verdicts'))).to.throw();
    expect(() => unpackVerdicts(packVerdicts(FRAME).subarray(0, 40))).to.throw();
  });

  function verdict(queryId: number, version: number, outcome: string, at: Date, values: object) {
    return { queryId, version, outcome, reason: '', at, values };
  }
});

describe('packed values', () => {
  for (const [what, values] of Object.entries({
    'single precision': [17.25, 18.3, null, -1.5e-7, 0.1],
    'double precision': [2460000.512345678, null, 1 / 3, 1e300, -0.1],
    'whole numbers': [0, -5, null, 2147483647, -2147483648],
    'large whole numbers': [2147483648, 9007199254740991],
    texts: ['SN', null, 'a "quoted" \u{1f300}', ''],
    truths: [true, false, null],
    'a mixture': [1, 'two', null],
    'minus nothing': [-0, 1],
    'nothing but NULL': [null, null, null],
    'no values': [],
  }))
    it(`come back exactly: ${what}`, () => {
      const back = unpackColumn(packColumn(values), values.length);
      expect(back).to.deep.equal(values.map((value) => (Object.is(value, -0) ? 0 : value)));
      const single = values.map((_, i) => unpackValue(packColumn(values), values.length, i));
      expect(single).to.deep.equal(back);
    });
});

describe('entries of a batch', () => {
  it('come back as they were packed', () => {
    const all: BatchEntries[] = [
      { cause: 'alert', alerts: [] },
      {
        cause: 'alert',
        alerts: [
          {
            objectId: '9007199254740993',
            alertId: '3000000000000015001',
            observedAtMs: -5,
            arrivedAtMs: 7,
          },
        ],
      },
      {
        cause: 'annotation',
        annotations: [
          { objectId: 'ZTF20aaaaaaa', annotationId: '8', topic: 'oracle', arrivedAtMs: 9 },
        ],
      },
    ];
    for (const entries of all)
      expect(unpackEntries(entries.cause, packEntries(entries))).to.deep.equal(entries);
  });

  it('are refused where they are none', () => {
    expect(() => unpackEntries('alert', Buffer.from('nothing of ours'))).to.throw();
    const annotations = packEntries({
      cause: 'annotation',
      annotations: [{ objectId: 'a', annotationId: 'b', topic: 'c', arrivedAtMs: 1 }],
    });
    expect(() => unpackEntries('alert', annotations)).to.throw();
  });
});
