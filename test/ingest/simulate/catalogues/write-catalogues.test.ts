import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { separationArcsec } from '../../../../common/astro/coordinates.ts';
import {
  SIMULATED_CATALOGUES,
  formatOf,
} from '../../../../ingest/simulate/catalogues/catalogue-formats.ts';
import type { SimulatedCatalogue } from '../../../../ingest/simulate/catalogues/catalogue-formats.ts';
import { writeCatalogues } from '../../../../ingest/simulate/catalogues/write-catalogues.ts';
import type { CatalogueOrder } from '../../../../ingest/simulate/catalogues/write-catalogues.ts';
import { createCadence } from '../../../../ingest/simulate/cadence.ts';
import { planNights } from '../../../../ingest/simulate/plan.ts';
import { createSource } from '../../../../ingest/simulate/sky.ts';
import type { Source } from '../../../../ingest/simulate/sky.ts';
import { testFolder } from '../../../servers.ts';
import { NIGHT } from '../make-packets.ts';

type Row = Record<string, string>;

async function write(order: Partial<CatalogueOrder> = {}) {
  const folder = mkdtempSync(join(testFolder(), 'catalogues-'));
  const written = await writeCatalogues({
    catalogues: SIMULATED_CATALOGUES,
    nights: [NIGHT],
    rows: 0,
    seed: NIGHT.seed,
    folder,
    ...order,
  });
  const rows = Object.fromEntries(
    written.map(({ catalogue, file }) => [catalogue, readCsv(catalogue, file)]),
  ) as Record<SimulatedCatalogue, Row[]>;
  return { written, rows };
}

/** No value of these files holds a comma. */
function readCsv(catalogue: SimulatedCatalogue, file: string): Row[] {
  const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const names = head.split(',');
  expect(names).to.deep.equal(formatOf(catalogue).columns);
  return lines.map((line) => {
    const values = line.split(',');
    expect(values).to.have.length(names.length);
    return Object.fromEntries(names.map((name, n) => [name, values[n]]));
  });
}

const placeOf = (row: Row) => ({
  ra: Number(row.ra ?? row.RA ?? row.raMean ?? row.RAdeg ?? row.RAJ2000),
  dec: Number(row.dec ?? row.DEC ?? row.decMean ?? row.DEdeg ?? row.DEJ2000),
});

function nearest(rows: Row[], { ra, dec }: { ra: number; dec: number }) {
  return rows
    .map((row) => ({ row, arcsec: separationArcsec(ra, dec, placeOf(row).ra, placeOf(row).dec) }))
    .reduce((a, b) => (b.arcsec < a.arcsec ? b : a));
}

/** The sources that cause alerts in the nights. */
function alertingSources(): Source[] {
  const cadence = createCadence(NIGHT);
  const indexes = new Set(planNights(NIGHT).measured.source);
  return [...indexes].map((index) => createSource(NIGHT, cadence, index));
}

describe('simulated catalogues', function () {
  this.timeout(60_000);

  it('list the star or host of everything real in the nights, at its true place', async () => {
    const { rows } = await write();
    const distances: number[] = [];
    for (const source of alertingSources()) {
      const { counterpart } = source;
      if (!source.isReal || counterpart === undefined) continue;
      const r = counterpart.mags[2];
      const name = counterpart.isStar ? 'gaia_dr3' : 'ned_lvs';
      if (r >= formatOf(name).limit) continue;
      const wanted = Math.hypot(counterpart.east, counterpart.north);
      const found = nearest(rows[name], source).arcsec;
      // Something unrelated may lie nearer.
      expect(found, `${source.kind} ${source.index}`).to.be.at.most(wanted + 1e-3);
      distances.push(found);
    }
    expect(distances.length).to.be.above(50);
  });

  it('give a bright host the redshift of its supernova', async () => {
    const { rows } = await write();
    const cadence = createCadence(NIGHT);
    const sources = planNights(NIGHT).ordinals.length / 2;
    let compared = 0;
    for (let index = 0; index < sources; index++) {
      const { kind, counterpart, truth, ...place } = createSource(NIGHT, cadence, index);
      if (!kind.startsWith('sn') || counterpart === undefined || counterpart.mags[2] > 17.8)
        continue;
      const hosts = rows.ned_lvs.filter(
        (row) => Math.abs(Number(row.m_Ks) - (counterpart.mags[4] - 1.9)) < 0.0006,
      );
      const { row } = nearest(hosts, place);
      expect(Number(row.z)).to.be.closeTo(Number(truth.redshift), 1e-6);
      // Low redshift: Hubble's law holds to some per cent.
      expect(Number(row.DistMpc) / ((299_792.458 / 70) * Number(row.z))).to.be.within(1, 1.15);
      compared++;
    }
    expect(compared).to.be.above(2);
  });

  it('name part of the variables, nuclei and novae, and nothing else, in the special ones', async () => {
    const { rows } = await write({ nights: [{ ...NIGHT, alerts: 1000 }] });
    const stars = rows.gaia_dr3.length;
    expect(rows.vsx.length).to.be.within(20, stars);
    expect(rows.milliquas.length).to.be.above(20);
    expect(rows.ritter_kolb.length).to.be.within(1, rows.vsx.length);
    expect(rows.panstarrs.length).to.be.above(stars);
  });

  it('come out the same for the same options, and are filled up with the wide sky', async () => {
    const [first, again, other] = await Promise.all([
      write({ rows: 8000 }),
      write({ rows: 8000 }),
      write({ rows: 8000, seed: NIGHT.seed + 1 }),
    ]);
    expect(again.rows).to.deep.equal(first.rows);
    expect(other.rows.milliquas).to.not.deep.equal(first.rows.milliquas);
    for (const { catalogue, rows, ofNights } of first.written) {
      expect(rows).to.equal(Math.max(8000, ofNights));
      const decs = first.rows[catalogue].slice(ofNights).map((row) => placeOf(row).dec);
      // Evenly over the sphere: half of it lies within 30 degrees of the equator.
      const low = decs.filter((dec) => Math.abs(dec) < 30).length / Math.max(1, decs.length);
      if (decs.length > 2000) expect(low, catalogue).to.be.closeTo(0.5, 0.05);
      for (const row of first.rows[catalogue]) {
        expect(placeOf(row).ra).to.be.within(0, 359.99999999);
        expect(placeOf(row).dec).to.be.within(-90, 90);
      }
    }
    const ids = first.rows.gaia_dr3.map((row) => row.source_id);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('have things of both surveys, whose names never meet', async () => {
    const nights = [NIGHT, { ...NIGHT, survey: 'lsst' as const }];
    const { rows } = await write({ nights, catalogues: ['gaia_dr3'] });
    const ids = rows.gaia_dr3.map((row) => row.source_id);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(new Set(ids.map((id) => id[0]))).to.deep.equal(new Set(['1', '2']));
  });

  it('stop when asked, and fail loudly where they cannot be written', async () => {
    const stop = new AbortController();
    stop.abort();
    const stopped = await write({ signal: stop.signal }).catch((err: unknown) => err);
    expect(stopped).to.have.property('name', 'AbortError');
    const folder = mkdtempSync(join(testFolder(), 'catalogues-'));
    writeFileSync(join(folder, 'file'), '');
    const failed = await write({ folder: join(folder, 'file') }).catch((err: unknown) => err);
    expect(failed).to.be.instanceOf(Error);
  });
});
