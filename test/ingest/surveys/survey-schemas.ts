import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '../../../common/project-root.ts';

/** Folder of the real alerts and schemas that the tests compare with; not part of the project. */
export const sharedData = join(projectRoot, '..', 'shared', 'data');

export const hasSharedData = existsSync(sharedData);

/** One field of a schema without its prose: name, type, in the order of the survey. */
export type PlainField = [name: string, type: unknown];

/** Records of one published schema version by short name: `7.1` of Rubin, `4.02` of ZTF. */
export function publishedRecords(survey: string, version: string): Map<string, PlainField[]> {
  const folder = join(sharedData, 'schemas', survey, version);
  const records = new Map<string, PlainField[]>();
  for (const file of readdirSync(folder)) {
    collectRecords(JSON.parse(readFileSync(join(folder, file), 'utf8')), records);
  }
  return records;
}

/** All records that a schema defines, wherever in it, by short name. */
export function collectRecords(
  schema: unknown,
  records = new Map<string, PlainField[]>(),
): Map<string, PlainField[]> {
  if (Array.isArray(schema)) schema.forEach((branch) => collectRecords(branch, records));
  else if (typeof schema === 'object' && schema !== null) {
    const { name, fields, items, type } = schema as Record<string, unknown>;
    if (Array.isArray(fields)) {
      const plain = fields.map((field: { name: string; type: unknown }): PlainField => {
        collectRecords(field.type, records);
        return [field.name, plainType(field.type)];
      });
      records.set(shortName(String(name)), plain);
    } else {
      collectRecords(items, records);
      if (typeof type === 'object') collectRecords(type, records);
    }
  }
  return records;
}

function plainType(type: unknown): unknown {
  if (typeof type === 'string') return shortName(type);
  if (Array.isArray(type)) return type.map(plainType);
  const { type: kind, name, items, logicalType } = type as Record<string, unknown>;
  if (kind === 'record') return shortName(String(name));
  if (kind === 'array') return { items: plainType(items) };
  return logicalType === undefined ? plainType(kind) : { type: kind, logicalType };
}

function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** The schema text in a packet's header; none if the file is no Avro container. */
export function alertSchemasOf(path: string): string[] {
  const bytes = readFileSync(path);
  const key = 'avro.schema';
  const at = bytes.indexOf(key);
  if (!bytes.subarray(0, 4).equals(Buffer.from('Obj\u0001')) || at < 0) return [];
  let position = at + key.length;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[position++];
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return [bytes.toString('utf8', position, position + (length >>> 1))];
}
