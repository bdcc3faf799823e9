import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { MPCORB_COLUMNS } from '../../../common/schema/lsst/mpc-orbits.ts';
import { LSST_TABLES } from '../../../common/schema/lsst.ts';
import { ALL_TABLES, tableOf } from '../../../common/schema/tables.ts';
import type { Column, ColumnType, Table } from '../../../common/schema/types.ts';
import { ZTF_TABLES } from '../../../common/schema/ztf.ts';
import { RUBIN_VERSIONS } from '../../../ingest/surveys/lsst/packet-schemas.ts';
import {
  alertSchemasOf,
  collectRecords,
  hasSharedData,
  publishedRecords,
  sharedData,
} from '../../ingest/surveys/survey-schemas.ts';
import type { PlainField } from '../../ingest/surveys/survey-schemas.ts';
import { UCD_WORDS } from './ucd-words.ts';

/** What an alert says of itself is kept with its detection. */
const LSST_RECORDS = {
  alert: 'diaSources',
  diaSource: 'diaSources',
  diaForcedSource: 'diaForcedSources',
  diaNondetectionLimit: 'diaNondetectionLimits',
  diaObject: 'diaObjects',
  ssObject: 'ssObjects',
  ssSource: 'ssSources',
  MPCORB: 'mpc_orbits',
  mpc_orbits: 'mpc_orbits',
};
/** Detections among prv_candidates become candidates, upper limits non-detections. */
const ZTF_RECORDS = {
  alert: 'candidates',
  candidate: 'candidates',
  prv_candidate: 'candidates',
  prv_candidates: 'candidates',
  fp_hist: 'forcedphot',
};

/** Types of columns that hold every value of a type of Avro. */
const WIDE_ENOUGH: Record<string, (type: ColumnType) => boolean> = {
  boolean: (type) => type === 'bool',
  int: (type) => type === 'int' || type === 'id',
  long: (type) => type === 'id',
  float: (type) => type === 'float' || type === 'double',
  double: (type) => type === 'double',
  string: (type) => typeof type === 'object' || type === 'json',
};

function expectColumn(table: Table, attribute: string, avroType: unknown): void {
  const column = table.columns.find((each) => (each.attribute ?? each.name) === attribute);
  expect(column, `${table.database}.${table.name}: attribute ${attribute}`).to.not.equal(undefined);
  const type = valueType(avroType);
  const fits = WIDE_ENOUGH[type]((column as Column).type);
  expect(fits, `${table.name}.${attribute}: ${JSON.stringify(column?.type)} for ${type}`).to.equal(
    true,
  );
}

function valueType(avroType: unknown): string {
  if (typeof avroType === 'string') return avroType;
  if (Array.isArray(avroType)) return valueType(avroType.find((branch) => branch !== 'null'));
  const { type, items } = avroType as { type?: unknown; items?: unknown };
  return items === undefined ? valueType(type) : 'array';
}

function expectAllColumns(records: Map<string, PlainField[]>, tableNames: Record<string, string>) {
  let count = 0;
  for (const [record, name] of Object.entries(tableNames)) {
    const database = tableNames === LSST_RECORDS ? 'lsst' : 'ztf';
    const table = tableOf(database, name);
    for (const [attribute, type] of records.get(record) ?? []) {
      // Records within the alert have tables of their own.
      if (record === 'alert' && !(valueType(type) in WIDE_ENOUGH)) continue;
      const column = record === 'MPCORB' ? (MPCORB_COLUMNS[attribute] ?? attribute) : attribute;
      expectColumn(table, column, type);
      count++;
    }
  }
  return count;
}

describe('ALL_TABLES', () => {
  for (const [major, minor] of RUBIN_VERSIONS) {
    it(`have a column wide enough for every attribute of Rubin's ${major}.${minor}`, function () {
      if (!hasSharedData) {
        console.log(`      skipped: no reference data in ${sharedData}`); // eslint-disable-line no-console
        this.skip();
      }
      const records = publishedRecords('lsst', `${major}.${minor}`);
      expect(expectAllColumns(records, LSST_RECORDS)).to.be.greaterThan(220);
    });
  }

  it('have a column wide enough for every attribute of every real ZTF packet', function () {
    if (!hasSharedData) {
      console.log(`      skipped: no reference data in ${sharedData}`); // eslint-disable-line no-console
      this.skip();
    }
    expect(expectAllColumns(publishedRecords('ztf', '4.02'), ZTF_RECORDS)).to.be.greaterThan(180);
    const folder = join(sharedData, 'alerts', 'ztf');
    const schemas = new Set<string>();
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!/\.avro$/.test(file)) continue;
      for (const schema of alertSchemasOf(join(folder, file))) schemas.add(schema);
    }
    expect(schemas.size).to.be.greaterThan(6);
    for (const schema of schemas) {
      expectAllColumns(collectRecords(JSON.parse(schema)), ZTF_RECORDS);
    }
  });

  it('name every table once, and every column once whatever its capitals', () => {
    const tables = ALL_TABLES.map((table) => `${table.database}.${table.name}`.toLowerCase());
    expect(new Set(tables).size).to.equal(tables.length);
    for (const table of ALL_TABLES) {
      const names = table.columns.map((column) => column.name.toLowerCase());
      const twice = names.filter((name, i) => names.indexOf(name) !== i);
      expect(twice, `${table.database}.${table.name}`).to.deep.equal([]);
    }
  });

  it('key and index only columns that exist, with keys that cannot be NULL', () => {
    for (const table of ALL_TABLES) {
      const columns = new Map(table.columns.map((column) => [column.name, column]));
      for (const name of table.primaryKey) {
        expect(columns.get(name)?.required, `${table.name}.${name}`).to.equal(true);
      }
      for (const name of table.indexes.flatMap((index) => index.columns)) {
        expect(columns.has(name), `${table.name}.${name}`).to.equal(true);
      }
    }
  });

  it('say what each column means, in a sentence', () => {
    for (const table of ALL_TABLES) {
      expect(table.description).to.match(/\.$/);
      for (const { name, description } of table.columns) {
        expect(description, `${table.name}.${name}`).to.match(/^\S.{2,}[^ ]$/);
        expect(description, `${table.name}.${name}`).to.not.match(/[|*]|NEAR|undefined/);
      }
    }
  });

  it('give a unit to every quantity of the surveys that has one', () => {
    const pure =
      /stat\.(snr|fit|likelihood|probability|skewness)|src\.var\.index|arith\.ratio|src\.(class|morph|ellipticity|redshift)|src\.orbital\.(eccentricity|TissJ)|phot\.calib/;
    for (const table of [...ZTF_TABLES, ...LSST_TABLES]) {
      for (const { name, type, unit, ucd } of table.columns) {
        if (type !== 'float' && type !== 'double') continue;
        if (unit === undefined) expect(ucd, `${table.name}.${name}`).to.match(pure);
        else expect(unit, `${table.name}.${name}`).to.match(/^[A-Za-z0-9*/().-]+$/);
      }
    }
  });

  it('use the words of the UCD vocabulary where their places allow', () => {
    for (const table of [...ZTF_TABLES, ...LSST_TABLES]) {
      for (const { name, ucd } of table.columns) {
        ucd?.split(';').forEach((word, i) => {
          const place = UCD_WORDS.get(word);
          expect(place, `${table.name}.${name}: ${word}`).to.not.equal(undefined);
          expect(place, `${table.name}.${name}: ${ucd}`).to.not.equal(i === 0 ? 'S' : 'P');
        });
      }
    }
  });

  it('describe a UCD for every public column', () => {
    for (const table of [...ZTF_TABLES, ...LSST_TABLES].filter((each) => each.isPublic)) {
      const without = table.columns.filter((column) => column.ucd === undefined);
      expect(without, table.name).to.deep.equal([]);
    }
  });
});

describe('tableOf', () => {
  it('finds a table, and throws for one that is not there', () => {
    expect(tableOf('ztf', 'candidates').primaryKey).to.deep.equal(['candid']);
    expect(() => tableOf('lsst', 'candidates')).to.throw('has no table lsst.candidates');
  });
});
