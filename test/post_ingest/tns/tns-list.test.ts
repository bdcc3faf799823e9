import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';

import { expect } from 'chai';

import { InvalidInputError } from '../../../common/errors.ts';
import type { TnsEntry } from '../../../common/store/tns.ts';
import { readTnsRow } from '../../../post_ingest/tns/tns-columns.ts';
import type { ReadEntry } from '../../../post_ingest/tns/tns-columns.ts';
import { openTnsList } from '../../../post_ingest/tns/tns-list.ts';
import { parsePeriod } from '../../../post_ingest/tns/tns-period.ts';
import { readReply } from '../../../post_ingest/tns/tns-reply.ts';
import { requireReference } from '../../common/astro/reference.ts';

const HEADER =
  '"objid","name_prefix","name","ra","declination","redshift","type","discoverydate","discoverymag","lastmodified"';

describe('lists of the Transient Name Server', () => {
  it('of public objects are read', async function () {
    const entries = await entriesOf(
      createReadStream(requireReference(this, 'catalogues/tns_public_objects_3rows.csv')),
    );
    expect(entries.map(({ name }) => name)).to.deep.equal(['2026cqa', '2022and', '2018lzf']);
    expect(entries[0].values.type).to.equal(null);
    expect(entries[1]).to.deep.include({ id: 99539, ra: 150.02755416, decl: 3.75714275086 });
    expect(entries[1].values).to.deep.include({
      tns_prefix: 'SN',
      type: 'SN II',
      z: 0.043,
      disc_mag: 18.965,
      disc_mag_filter: 'orange',
      discovering_groups: 'ATLAS',
      source_group: 'ATLAS',
      disc_int_name: 'ATLAS22cwl, PS22agq, ZTF22aaaifcx',
      disc_date: '2022-01-27T10:49:26.400Z',
      lastmodified_date: '2022-02-23T16:33:59.000Z',
    });
    // The list does not speak of the host: what is known of it stays.
    expect(entries[1].values).not.to.have.any.keys('host_name', 'hostz', 'sender');
  });

  it('of the search page of 2019 are read, with commas and semicolons', async function () {
    const commas = await entriesOf(
      createReadStream(requireReference(this, 'catalogues/tns_search_2019.csv')),
    );
    expect(commas.length).to.be.greaterThan(100);
    const qyl = commas.find(({ name }) => name === '2019qyl');
    // 00:54:57.680 -37:38:40.01
    expect(qyl?.ra).to.be.closeTo(15 * (54 / 60 + 57.68 / 3_600), 1e-9);
    expect(qyl?.decl).to.be.closeTo(-(37 + 38 / 60 + 40.01 / 3_600), 1e-9);
    expect(qyl?.values).to.deep.include({
      tns_prefix: 'SN',
      host_name: 'NGC0300',
      hostz: null,
      discovering_groups: 'DLT40, ATLAS',
      class_instrument: 'Gemini-S - GMOS-S',
      tns_at: true,
      sender: 'DLT40_bot1',
      disc_date: '2019-09-26T05:29:49.000Z',
    });
    const semicolons = await entriesOf(
      createReadStream(requireReference(this, 'catalogues/tns_search_IcBL_semicolon.csv')),
    );
    const cow = semicolons.find(({ name }) => name === '2018cow');
    expect(cow?.ra).to.be.closeTo(244.00093, 1e-5);
    expect(cow?.values).to.deep.include({ type: 'SN Ic-BL', z: null, tns_prefix: 'SN' });
  });

  it('refuse rows that are no entries, and leave values empty that cannot be read', async () => {
    const rows = await readAll(
      [
        '"2026-02-08 13:00:00 - 13:59:59"',
        HEADER,
        '"1","AT","2026a","10","91","","","","",""',
        '"2","AT","2026b","10","","","","","",""',
        '"3","AT","<script>","10","20","","","","",""',
        '"x","AT","2026d","10","20","","","","",""',
        '"5","AT","2026e","10"',
        '"6","SN","2026f","10","20","much","SN Ia","2026-02-30 00:00:00","1e99","0000-00-00 00:00:00"',
        '"7","FRB","20180817A","360","-90","","","1987-02-23","",""',
      ].join('\n'),
    );
    expect(rows.map((row) => row.fault)).to.deep.equal([
      'it has no position',
      'it has no position',
      'it has no name that can be one',
      'it has no number',
      'it has 4 values instead of 10',
      undefined,
      undefined,
    ]);
    expect(rows[0].id).to.equal(1);
    expect(rows[5].unreadable).to.have.members(['z', 'disc_date', 'disc_mag']);
    expect(rows[5].entry?.values).to.deep.equal({
      tns_prefix: 'SN',
      z: null,
      type: 'SN Ia',
      disc_date: null,
      disc_mag: null,
      lastmodified_date: null,
    });
    expect(rows[6].entry).to.deep.include({ name: '20180817A', ra: 0, decl: -90 });
    expect(rows[6].entry?.values.disc_date).to.equal('1987-02-23T00:00:00.000Z');
  });

  it('of an hour without changes have one line', async () => {
    const list = await openTnsList(Readable.from([Buffer.from('"2026-02-08 03:00 - 03:59"\n')]));
    expect(list.period?.to.toISOString()).to.equal('2026-02-08T04:00:00.000Z');
    expect(list.columns).to.equal(undefined);
  });

  it('are told from what is none', async () => {
    for (const text of ['', '<html>\n<p>denied</p>', 'objectId,ra\n1,2\n', '\u0000\u0001\u0002']) {
      const error = await openTnsList(Readable.from([Buffer.from(text)])).then(
        () => undefined,
        (err: unknown) => err,
      );
      expect(error, JSON.stringify(text)).to.be.instanceOf(InvalidInputError);
    }
  });
});

describe('parsePeriod', () => {
  it('reads the forms that there are', () => {
    const period = (line: string) => {
      const found = parsePeriod(line);
      return found && [found.from.toISOString(), found.to.toISOString()];
    };
    expect(period('"2026-02-09 00:00:00"')).to.deep.equal([
      '2026-02-09T00:00:00.000Z',
      '2026-02-09T00:00:00.000Z',
    ]);
    const day = ['2026-02-08T00:00:00.000Z', '2026-02-09T00:00:00.000Z'];
    expect(period('2026-02-08 00:00 - 23:59')).to.deep.equal(day);
    expect(period('26-02-08 00:00 - 23:59')).to.deep.equal(day);
    expect(period('2026-02-08 00:00:00 - 2026-02-08 23:59:59')).to.deep.equal(day);
    expect(period(HEADER)).to.equal(undefined);
    expect(period('2026-13-08 00:00 - 23:59')).to.equal(undefined);
  });
});

describe('readReply', () => {
  it('reads what the server tells of an object', () => {
    const { entry, unreadable } = readReply({
      objid: 67022,
      objname: '2020ubb',
      name_prefix: 'AT',
      radeg: 0.518164,
      decdeg: 0.361964,
      ra: '00:02:04.359',
      redshift: null,
      object_type: { name: null, id: null },
      hostname: 'WISEA J000204.63+002140.7',
      host_redshift: 0.301422,
      discoverydate: '2020-09-23 08:28:24.004',
      discoverymag: 19.1521,
      discmagfilter: { id: 111, name: 'r', family: 'ZTF' },
      reporting_group: { groupid: 74, group_name: 'ALeRCE' },
      discovery_data_source: { groupid: 48, group_name: 'ZTF' },
      internal_names: 'ZTF20acddzrd',
      reporter: 'ALeRCE',
      public: 1,
    });
    expect(unreadable).to.deep.equal([]);
    expect(entry).to.deep.include({ id: 67022, name: '2020ubb', ra: 0.518164, decl: 0.361964 });
    expect(entry?.values).to.deep.equal({
      tns_prefix: 'AT',
      z: null,
      type: null,
      host_name: 'WISEA J000204.63+002140.7',
      hostz: 0.301422,
      disc_date: '2020-09-23T08:28:24.004Z',
      disc_mag: 19.1521,
      disc_mag_filter: 'r',
      discovering_groups: 'ALeRCE',
      source_group: 'ZTF',
      disc_int_name: 'ZTF20acddzrd',
      sender: 'ALeRCE',
      public: true,
    });
  });

  it('finds no entry in what is none', () => {
    expect(readReply({}).entry).to.equal(undefined);
    expect(readReply({ objid: {}, objname: ['a'], radeg: 'x', decdeg: 3 }).entry).to.equal(
      undefined,
    );
  });
});

async function entriesOf(chunks: AsyncIterable<Uint8Array>): Promise<TnsEntry[]> {
  const rows = await readAll(chunks);
  for (const { fault, unreadable } of rows) {
    expect(fault).to.equal(undefined);
    expect(unreadable).to.deep.equal([]);
  }
  return rows.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
}

async function readAll(source: string | AsyncIterable<Uint8Array>): Promise<ReadEntry[]> {
  const chunks = typeof source === 'string' ? Readable.from([Buffer.from(source)]) : source;
  const list = await openTnsList(chunks);
  const read: ReadEntry[] = [];
  for await (const rows of list.rows) {
    for (const { values } of rows) read.push(readTnsRow(list.columns ?? [], values));
  }
  return read;
}
