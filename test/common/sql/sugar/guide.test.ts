import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { projectRoot } from '../../../../common/project-root.ts';
import { FUNCTIONS } from '../../../../common/sql/functions/functions.ts';
import { LIGHT_CURVE_COLUMNS } from '../../../../common/sql/sugar/light-curve-columns.ts';
import { SUGAR } from '../../../../common/sql/sugar/sugar.ts';
import type { Database } from '../../../../common/store/database.ts';
import { freshDatabase } from '../../../servers.ts';
import { boxes, openTextRunner, statement } from './run-text.ts';
import type { TextRunner } from './run-text.ts';
import * as sky from './small-sky.ts';

const GUIDE = readFileSync(join(projectRoot, 'docs', 'sql.md'), 'utf8');
const FIELDS = { days: 30, detections: 5 };

/** Objects, numbers or whatever the first column of each example has, in the order of the guide. */
const FIRST_COLUMNS: (string | number)[][] = [
  [sky.STAR, sky.DWARF_NOVA],
  [sky.RUBIN_STAR, sky.RUBIN_SUPERNOVA, sky.RUBIN_NUCLEUS],
  ['SN', 'NT', 'VS', 'ORPHAN', 'AGN', 'CV'],
  [sky.SUPERNOVA, sky.SUPERNOVA, sky.SUPERNOVA, sky.NUCLEAR, sky.NUCLEAR],
  [sky.SUPERNOVA],
  ['1', '2', '3', '4', '5', '6', '7', '8'],
  [sky.SUPERNOVA],
  [sky.RUBIN_SUPERNOVA],
  [sky.DWARF_NOVA, sky.STAR],
  [sky.SUPERNOVA, sky.NUCLEAR, sky.STAR, sky.AT_STAR, sky.NUCLEUS, sky.DWARF_NOVA],
  [sky.STAR, sky.DWARF_NOVA],
  [sky.SUPERNOVA],
  [sky.SUPERNOVA],
  [sky.SUPERNOVA],
  [sky.SUPERNOVA],
  [sky.NUCLEAR, sky.AT_STAR],
  [sky.NUCLEAR],
  [],
  [sky.SUPERNOVA, sky.AT_STAR],
  [sky.SUPERNOVA, sky.NUCLEAR],
  [sky.SUPERNOVA, sky.NUCLEAR],
];

describe('the guide to the language', () => {
  let db: Database;
  let runner: TextRunner;
  before(async () => {
    const fresh = await freshDatabase();
    db = fresh.db;
    await sky.makeSmallSky(db);
    runner = await openTextRunner(db, fresh.url);
  });
  after(async () => {
    await runner?.close();
    await db?.close();
  });

  it('has examples that run and find what they say', async () => {
    const examples = [...GUIDE.matchAll(/^```(sql|boxes)\n([^]*?)^```$/gm)];
    expect(examples).to.have.length(FIRST_COLUMNS.length);
    for (const [i, [, language, text]] of examples.entries()) {
      const [, selected = '', tables = '', conditions = ''] =
        /^SELECT ([^]*?)\nFROM (.*)\nWHERE ([^]*)$/.exec(text) ?? [];
      const source = language === 'sql' ? statement(text) : boxes(selected, tables, conditions);
      const survey = /diaObjectId/.test(text) ? 'lsst' : 'ztf';
      const rows = await runner.rows(source, { survey, reader: sky.ALICE, fields: FIELDS });
      const found = rows.map(([first]) => first);
      const isOrdered = /ORDER BY/.test(text) && i !== 2;
      const expected = FIRST_COLUMNS[i];
      expect(isOrdered ? found : found.toSorted(), text).to.deep.equal(
        isOrdered ? expected : expected.toSorted(),
      );
    }
  });

  it('names every column of light curves and every word for the sky, and no function that is not', () => {
    for (const { name } of LIGHT_CURVE_COLUMNS) expect(GUIDE).to.contain(`| \`${name}\``);
    for (const name of SUGAR.keys()) expect(GUIDE).to.contain(`${name}(`);
    const called = [...GUIDE.matchAll(/`(\w+)\([^`]*\)`/g)].map(([, name]) => name.toLowerCase());
    for (const name of called) {
      const isKnown = FUNCTIONS.has(name) || SUGAR.has(name) || name === 'light_curve';
      expect(isKnown, name).to.equal(true);
    }
  });
});
