import { expect } from 'chai';

import {
  fieldNumbers,
  isBlank,
  queryLink,
  readQueryInput,
} from '../../../webapp/query/query-input.ts';

const parametersOf = (address: string | undefined) =>
  Object.fromEntries(new URL(address ?? '', 'http://glint').searchParams);

describe('the parameters of the query page', () => {
  it('reads a statement, with line ends as the user sees them', () => {
    const input = readQueryInput({ survey: 'lsst', sql: 'SELECT 1\r\nFROM objects', page: '2' });
    expect(input.survey).to.equal('lsst');
    expect(input.source).to.deep.equal({ kind: 'statement', text: 'SELECT 1\nFROM objects' });
    expect(input.page).to.equal(2);
  });

  it('takes words that it does not know for none', () => {
    const input = readQueryInput({
      survey: 'gaia',
      page: '-1',
      sort: 'x',
      view: '3d',
      direction: 'up',
    });
    expect(input).to.include({ survey: 'ztf', page: 0, sort: 0, view: 'table' });
    expect(isBlank(input)).to.equal(true);
    expect(readQueryInput({ page: '99999999999999999999' }).page).to.equal(0);
    expect(readQueryInput({ sql: ['a', 'b'] }).source).to.deep.include({ text: 'b' });
  });

  it('is the same after a way through its own address', () => {
    const statement = readQueryInput({
      survey: 'ztf',
      sql: "SELECT 'a&b=c+d é' FROM objects",
      page: '3',
      sort: '2',
      direction: 'desc',
      view: 'scatter',
      x: 'gmag',
      y: 'ncand',
      'f.days': '14',
    });
    const boxes = readQueryInput({
      mode: 'boxes',
      selected: '*',
      tables: 'objects',
      conditions: '',
    });
    for (const input of [statement, boxes]) {
      expect(readQueryInput(parametersOf(queryLink(input).address))).to.deep.equal(input);
    }
  });

  it('travels in a form where the address would be too long', () => {
    const long = readQueryInput({
      sql: `SELECT objectId FROM objects WHERE ${'1 OR '.repeat(900)}1`,
    });
    const link = queryLink(long, { page: 1 });
    expect(link.address).to.equal(undefined);
    const fields = Object.fromEntries(link.fields.map(({ name, value }) => [name, value]));
    expect(readQueryInput(fields)).to.deep.equal({ ...long, page: 1 });
  });

  it('adds what was picked to the tables, once', () => {
    const { source } = readQueryInput({
      mode: 'boxes',
      selected: '*',
      tables: 'objects , watchlist:3',
      pick: ['watchlist:3', '', 'area:2', 'area:2'],
    });
    expect(source).to.deep.include({ tables: 'objects, watchlist:3, area:2' });
  });

  it('reads numbers of fields, and names what is none', () => {
    const input = readQueryInput({ 'f.days': ' 1.5e1', 'f.mag': '18,5', 'f.z': '', 'f.a b': '1' });
    expect(fieldNumbers(input)).to.deep.equal({ numbers: { days: 15 }, wrong: ['mag'] });
  });
});
