import { createHash } from 'node:crypto';

/**
 * Keeps what was built from a schema, by the schema's bytes: the packets of a night share one or
 * two, so nearly every look-up is one comparison with the last.
 */
export interface DecoderCache<Built> {
  get(schema: Buffer): Built;
}

/** More schemas than any survey has had; a hostile stream of new ones must not fill the memory. */
const MAX_SCHEMAS = 100;

export function createDecoderCache<Built>(build: (schema: Buffer) => Built): DecoderCache<Built> {
  const byDigest = new Map<string, Built>();
  let lastBytes: Buffer | undefined;
  let lastBuilt: Built | undefined;
  return {
    get(schema) {
      if (lastBuilt !== undefined && lastBytes?.equals(schema)) return lastBuilt;
      const digest = createHash('sha256').update(schema).digest('base64');
      let built = byDigest.get(digest);
      if (built === undefined) {
        built = build(schema);
        if (byDigest.size >= MAX_SCHEMAS) byDigest.delete(byDigest.keys().next().value ?? '');
        byDigest.set(digest, built);
      }
      lastBytes = Buffer.from(schema);
      lastBuilt = built;
      return built;
    },
  };
}
