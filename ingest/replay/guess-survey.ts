import { z } from 'zod';

import { isAvroContainer, readContainerHeader } from '../../common/avro/container.ts';
import type { Survey } from '../../common/config.ts';
import { PacketError } from '../../common/errors.ts';

const WIRE_HEADER_BYTES = 5;
/** Rubin's schema ids: a hundred times the major version, and the minor one. */
const LEAST_SCHEMA_ID = 100;
const GREATEST_SCHEMA_ID = 9_999;

const HeaderSchema = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  fields: z.array(z.object({ name: z.string() })).default([]),
});

/**
 * Whose packet this is, by its outside alone: the name of the schema in an Avro container, or the
 * five bytes that Rubin puts before a bare datum. Says nothing about whether it can be read.
 *
 * @returns undefined for other surveys and for what is no packet at all.
 */
export function guessSurvey(bytes: Buffer): Survey | undefined {
  if (isAvroContainer(bytes)) return surveyOfSchema(schemaOf(bytes));
  if (bytes.length <= WIRE_HEADER_BYTES || bytes[0] !== 0) return undefined;
  const id = bytes.readUInt32BE(1);
  return id >= LEAST_SCHEMA_ID && id <= GREATEST_SCHEMA_ID ? 'lsst' : undefined;
}

function surveyOfSchema(schema: z.infer<typeof HeaderSchema> | undefined): Survey | undefined {
  if (schema === undefined) return undefined;
  const { name, namespace, fields } = schema;
  const fullName = name.includes('.') || !namespace ? name : `${namespace}.${name}`;
  if (fullName === 'ztf.alert') return 'ztf';
  if (/^lsst\.v\d+_\d+\.alert$/.test(fullName)) return 'lsst';
  // Spark gives every schema the same name; these fields are ZTF's.
  const has = (field: string) => fields.some((other) => other.name === field);
  return fullName === 'topLevelRecord' && has('objectId') && has('candidate') ? 'ztf' : undefined;
}

function schemaOf(bytes: Buffer): z.infer<typeof HeaderSchema> | undefined {
  try {
    const { schema } = readContainerHeader(bytes);
    return HeaderSchema.safeParse(JSON.parse(schema.toString('utf8'))).data;
  } catch (err) {
    // A header that cannot be read names no survey: the packet's own reader will say what is wrong.
    if (err instanceof PacketError || err instanceof SyntaxError) return undefined;
    throw err;
  }
}
