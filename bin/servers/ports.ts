import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { freePort } from './process.ts';
import type { Say } from '../install/requirements.ts';

const PortsSchema = z.strictObject({
  web: z.int().optional(),
  mariadb: z.int().optional(),
  kafka: z.int().optional(),
});
export type Ports = z.infer<typeof PortsSchema>;

/** The ports that this home used last: what a person has bookmarked stays true. */
export function readPorts(home: string): Ports {
  const file = join(home, 'ports.json');
  if (!existsSync(file)) return {};
  const parsed = PortsSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return parsed.success ? parsed.data : {};
}

export function writePorts(home: string, ports: Ports): void {
  writeFileSync(join(home, 'ports.json'), `${JSON.stringify(ports)}\n`);
}

/** The wanted port if it is free, else another one, which is said. */
export async function choosePort(
  name: string,
  wanted: number | undefined,
  host: string,
  say: Say,
): Promise<number> {
  const port = await freePort(wanted, host);
  if (wanted !== undefined && port !== wanted) {
    say(`port ${wanted} is taken by another program: ${name} uses ${port}`);
  }
  return port;
}
