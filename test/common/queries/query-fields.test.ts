import { expect } from 'chai';

import { InvalidInputError } from '../../../common/errors.ts';
import {
  fieldParameters,
  parameterNames,
  readFieldValues,
} from '../../../common/queries/query-fields.ts';
import { SYSTEM_QUERIES } from '../../../common/queries/system-queries/system-queries.ts';
import { QueryContentSchema, contentDigest } from '../../../common/queries/saved-query-content.ts';
import { parseQuery } from '../../../common/sql/parse-query.ts';

const names = (text: string) => parameterNames(parseQuery({ kind: 'statement', text }));
const field = (name: string, value: number) => ({ name, label: '', unit: '', default: value });

describe('fields of a query', () => {
  it('are found wherever they stand, each once, in the order of the text', () => {
    expect(names("SELECT ':no' FROM objects -- :no either")).to.deep.equal([]);
    expect(
      names(`SELECT ncand + :b, (SELECT MAX(rmag + :c) FROM objects) FROM objects
        WHERE gmag BETWEEN :a AND :b AND cone(1, 2, :radius) LIMIT :n`),
    ).to.deep.equal(['b', 'c', 'a', 'radius', 'n']);
  });

  it('are found behind thousands of conditions', () => {
    const many = Array.from({ length: 5_000 }, () => 'ncand>1').join(' OR ');
    expect(names(`SELECT 1 FROM objects WHERE ${many} OR ncand > :few`)).to.deep.equal(['few']);
  });

  it('are found in all three boxes', () => {
    const boxes = { selected: 'ncand - :x', tables: 'objects', conditions: 'ncand > :y' };
    expect(parameterNames(parseQuery({ kind: 'boxes', ...boxes })).sort()).to.deep.equal([
      'x',
      'y',
    ]);
  });

  it('have their usual number unless another is given', () => {
    const fields = [field('days', 14), field('constructor', 2)];
    const read = (input: Record<string, unknown>) => readFieldValues(fields, input);
    expect(read({})).to.deep.equal({ days: 14, constructor: 2 });
    expect(read({ 'f.days': ' -1.5e1 ', page: '2' }).days).to.equal(-15);
    expect(read({ 'f.days': '' }).days).to.equal(14);
    for (const wrong of ['many', '1 2', '0x10', 'NaN', '1e999', ['1', '2'], '--1']) {
      expect(() => read({ 'f.days': wrong }), String(wrong)).to.throw(InvalidInputError, 'f.days');
    }
    expect(() => read({ 'f.weeks': '1' })).to.throw(InvalidInputError, 'f.days');
    expect(fieldParameters({ days: 7, r: 0.5 })).to.deep.equal([
      ['f.days', '7'],
      ['f.r', '0.5'],
    ]);
  });
});

describe('the queries that come with the program', () => {
  it('fit the limits, have names of their own, and a field for each number they leave open', () => {
    const keys = SYSTEM_QUERIES.map(({ key }) => key);
    const titles = SYSTEM_QUERIES.map(({ content }) => content.name.toLowerCase());
    expect(new Set(keys).size).to.equal(keys.length);
    expect(new Set(titles).size).to.equal(titles.length);
    for (const { content } of SYSTEM_QUERIES) {
      // What the form would keep is what is kept: otherwise an untouched one would look edited.
      expect(contentDigest(QueryContentSchema.parse(content))).to.equal(contentDigest(content));
      expect(parameterNames(parseQuery(content.source))).to.deep.equal(
        content.fields.map(({ name }) => name),
      );
    }
  });
});
