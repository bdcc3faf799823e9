import { InvalidArgumentError } from 'commander';

import { SIMULATED_CATALOGUES } from '../../ingest/simulate/catalogues/catalogue-formats.ts';
import type { SimulatedCatalogue } from '../../ingest/simulate/catalogues/catalogue-formats.ts';

/** Reads a list such as `gaia_dr3,vsx` on the command line. */
export function catalogueNames(text: string): SimulatedCatalogue[] {
  return text.split(',').map((word) => {
    const name = SIMULATED_CATALOGUES.find((each) => each === word.trim());
    if (name === undefined) {
      throw new InvalidArgumentError(`The catalogues are ${SIMULATED_CATALOGUES.join(', ')}.`);
    }
    return name;
  });
}
