import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import type { AvroRecord } from '../../../common/avro/notation.ts';
import { describeError, PacketError, UpstreamError } from '../../../common/errors.ts';
import type { Log } from '../../../common/log.ts';
import { RUBIN_VERSIONS, rubinSchema } from './packet-schemas.ts';

const TRIES = 5;
const FIRST_WAIT_MS = 200;
const TIMEOUT_MS = 10_000;
/** How long an id that nobody knows is not asked for again. */
const ABSENT_MS = 60_000;

const RegistryAnswer = z.object({ schema: z.string() });
const RecordSchema = z.looseObject({
  type: z.literal('record'),
  name: z.string(),
  fields: z.array(z.looseObject({ name: z.string() })),
});

export interface SchemaSourceOptions {
  /**
   * Address of a registry with Confluent's interface, which may hold user and password; without it
   * only the kept versions are known.
   */
  registryUrl?: string;
  user?: string;
  password?: string;
  log: Log;
  fetch?: typeof globalThis.fetch;
  /** Wait before the second try; it doubles from try to try. */
  firstWaitMs?: number;
}

/** Where the schemas of Rubin's packets come from, by the id at the head of each packet. */
export interface SchemaSource {
  /**
   * The schema of an id, asked for once and then remembered; that nobody knows it is remembered for a
   * minute, that the registry failed not at all.
   *
   * @param id - As on the wire: 100 * major + minor.
   * @throws {PacketError} `unknown_schema` if neither the registry nor the project knows the id.
   * @throws {UpstreamError} if the registry does not answer and the project does not know the id.
   */
  schemaFor: (id: number) => Promise<AvroRecord>;
}

/** What the registry said, where it said anything. */
type Answer = { schema: AvroRecord } | 'absent';

/**
 * Takes schemas from the registry where there is one, and else the versions kept in the project.
 *
 * @see https://docs.confluent.io/platform/current/schema-registry/develop/api.html
 */
export function createSchemaSource(options: SchemaSourceOptions): SchemaSource {
  const known = new Map<number, Promise<AvroRecord>>();
  return {
    schemaFor(id) {
      let schema = known.get(id);
      if (schema === undefined) {
        schema = findSchema(id, options);
        known.set(id, schema);
        schema.catch((err: unknown) => {
          if (!(err instanceof PacketError)) known.delete(id);
          else setTimeout(() => known.delete(id), ABSENT_MS).unref();
        });
      }
      return schema;
    },
  };
}

async function findSchema(id: number, options: SchemaSourceOptions): Promise<AvroRecord> {
  const kept = rubinSchema(Math.floor(id / 100), id % 100);
  if (options.registryUrl === undefined) return kept ?? unknownSchema(id);
  const { log } = options;
  try {
    const answer = await askRegistry(options.registryUrl, id, options);
    if (answer !== 'absent') return answer.schema;
  } catch (err) {
    if (kept === undefined || !(err instanceof UpstreamError)) throw err;
    log.warn(`the schema registry failed; schema ${id} is taken from the project`, { id, err });
    return kept;
  }
  return kept ?? unknownSchema(id, options.registryUrl);
}

/** Asks again after failures that time may heal: no answer, an answer of 5xx or 429. */
async function askRegistry(
  registryUrl: string,
  id: number,
  options: SchemaSourceOptions,
): Promise<Answer> {
  const url = new URL(registryUrl);
  url.username = '';
  url.password = '';
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/schemas/ids/${id}`;
  let waitMs = options.firstWaitMs ?? FIRST_WAIT_MS;
  for (let attempt = 1; ; attempt++) {
    try {
      return await askOnce(url, options);
    } catch (err) {
      if (!(err instanceof UpstreamError)) throw err;
      if (attempt === TRIES || err.details.final === true) {
        throw new UpstreamError(
          `schema ${id} cannot be had from the schema registry at ${hostOf(registryUrl)}`,
          { cause: err, details: { id } },
        );
      }
      options.log.debug(`the schema registry failed, try ${attempt} of ${TRIES}`, {
        id,
        reason: describeError(err),
      });
    }
    await sleep(waitMs);
    waitMs *= 2;
  }
}

async function askOnce(url: URL, options: SchemaSourceOptions): Promise<Answer> {
  const ask = options.fetch ?? globalThis.fetch;
  const response = await ask(url, {
    headers: { accept: 'application/vnd.schemaregistry.v1+json', ...authorization(options) },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((err: unknown) => {
    throw new UpstreamError('the schema registry does not answer', { cause: err });
  });
  const text = await response.text().catch((err: unknown) => {
    throw new UpstreamError('the schema registry broke off its answer', { cause: err });
  });
  if (response.status === 404) return 'absent';
  if (!response.ok) {
    const hint =
      response.status === 401 || response.status === 403 ? ': check user and password' : '';
    throw new UpstreamError(`the schema registry answered ${response.status}${hint}`, {
      details: { final: response.status < 500 && response.status !== 429 },
    });
  }
  try {
    const { schema } = RegistryAnswer.parse(JSON.parse(text));
    return { schema: RecordSchema.parse(JSON.parse(schema)) as unknown as AvroRecord };
  } catch (err) {
    throw new UpstreamError('the schema registry answered something that is no schema', {
      cause: err,
      details: { final: true },
    });
  }
}

function authorization(options: SchemaSourceOptions): Record<string, string> {
  const address = new URL(options.registryUrl ?? '');
  const user = options.user ?? decodeURIComponent(address.username);
  const password = options.password ?? decodeURIComponent(address.password);
  if (user === '') return {};
  const credentials = Buffer.from(`${user}:${password}`, 'utf8').toString('base64');
  return { authorization: `Basic ${credentials}` };
}

/** Without a user and password that may stand in the address. */
function hostOf(url: string): string {
  return new URL(url).host;
}

function unknownSchema(id: number, registryUrl?: string): never {
  const versions = RUBIN_VERSIONS.map(([major, minor]) => `${major}.${minor}`).join(', ');
  const advice =
    registryUrl === undefined
      ? 'name the schema registry of the stream in GLINT_LSST_SCHEMA_REGISTRY, or update Glint'
      : `the schema registry at ${hostOf(registryUrl)} does not have it either: update Glint`;
  throw new PacketError(
    'unknown_schema',
    `the packet's schema id is ${id}, and Glint knows versions ${versions} only; ${advice}`,
    { details: { id } },
  );
}
