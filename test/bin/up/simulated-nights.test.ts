import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { nextSimulation } from '../../../bin/up/simulated-nights.ts';

describe('nextSimulation', () => {
  it('streams other nights at each start, however many days lie between', () => {
    const home = mkdtempSync(join(tmpdir(), 'glint-nights-'));
    const startDate = (now: string) => {
      const args = nextSimulation(home, 'kafka', new Date(now));
      return args[args.indexOf('--start-date') + 1];
    };
    // Ten days before the first of March 2026, a year of 28 days in February; then ten more.
    expect(startDate('2026-03-01T10:00:00Z')).to.equal('2026-02-19');
    expect(startDate('2026-03-01T11:00:00Z')).to.equal('2026-02-09');
    expect(startDate('2026-03-09T11:00:00Z')).to.equal('2026-01-30');
    rmSync(home, { recursive: true, force: true });
  });
});
