import { expect } from 'chai';

import type { Database } from '../../../../common/store/database.ts';
import { SIMULATED_CATALOGUES } from '../../../../ingest/simulate/catalogues/catalogue-formats.ts';
import { freshDatabase } from '../../../servers.ts';
import { NIGHT } from '../make-packets.ts';
import { loadSimulated } from './load-simulated.ts';

describe('simulated catalogues in the database', function () {
  this.timeout(120_000);
  let db: Database;
  before(async () => {
    ({ db } = await freshDatabase());
  });
  after(() => db.close());

  it('are read by the presets of the real ones, every row of them', async () => {
    const loads = await loadSimulated(db, {
      catalogues: SIMULATED_CATALOGUES,
      nights: [NIGHT],
      rows: 3000,
      seed: NIGHT.seed,
    });
    expect(loads.map(({ name }) => name)).to.deep.equal(SIMULATED_CATALOGUES);
    for (const { name, rows, rejected, columns } of loads) {
      expect(Number(rejected), name).to.equal(0);
      expect(Number(rows), name).to.be.at.least(2990);
      expect(JSON.stringify(columns), name).to.match(/mag|_r|"[GRBK]"/);
    }
    const galaxies = loads.find(({ name }) => name === 'ned_lvs');
    expect(JSON.stringify(galaxies?.columns)).to.contain('majorAxisArcsec').and.contain('photoZ');
  });
});
