import { createHash } from 'node:crypto';

import { PacketError } from '../../common/errors.ts';

/**
 * Keeps what was built from a schema, by the schema's bytes: the packets of a night share one or
 * two, so nearly every look-up is one comparison with the last.
 */
export interface DecoderCache<Built> {
  /** @throws {PacketError} what `build` threw for this schema. */
  get(schema: Buffer): Built;
}

/** More schemas than any survey has had; a hostile stream of new ones must not fill the memory. */
const MAX_SCHEMAS = 100;

/** A schema that cannot be used is not tried again for every packet of a wrong stream. */
type Outcome<Built> = { built: Built } | { fault: PacketError };

export function createDecoderCache<Built>(build: (schema: Buffer) => Built): DecoderCache<Built> {
  const byDigest = new Map<string, Outcome<Built>>();
  let lastBytes: Buffer | undefined;
  let last: Outcome<Built> | undefined;
  return {
    get(schema) {
      if (last === undefined || !lastBytes?.equals(schema)) {
        const digest = createHash('sha256').update(schema).digest('base64');
        last = byDigest.get(digest);
        if (last === undefined) {
          last = tryBuild(build, schema);
          if (byDigest.size >= MAX_SCHEMAS) byDigest.delete(byDigest.keys().next().value ?? '');
          byDigest.set(digest, last);
        }
        lastBytes = Buffer.from(schema);
      }
      if ('fault' in last) throw last.fault;
      return last.built;
    },
  };
}

function tryBuild<Built>(build: (schema: Buffer) => Built, schema: Buffer): Outcome<Built> {
  try {
    return { built: build(schema) };
  } catch (err) {
    if (err instanceof PacketError) return { fault: err };
    throw err;
  }
}
