import { readFileSync } from 'node:fs';

import { z } from 'zod';

const Stamp = z.object({
  bytes: z.int(),
  naxis1: z.int(),
  naxis2: z.int(),
  nan: z.int(),
});

/** One record of a packet as the reference tells it; attributes differ by survey and version. */
const Reference = z.looseObject({
  survey: z.string().optional(),
  stamps: z.record(z.string(), Stamp.nullable()).optional(),
});
export type AlertReference = z.infer<typeof Reference>;

/** What the reference says of each packet, by its path below the data folder. */
export function readAlertReference(file: string): Map<string, AlertReference[]> {
  const text = readFileSync(file, 'utf8');
  return new Map(Object.entries(z.record(z.string(), z.array(Reference)).parse(JSON.parse(text))));
}
