/** An Avro schema as a JSON object, as far as the surveys' packets need it. */
type AvroType = string | AvroType[] | AvroArray | AvroLogical | AvroRecord;

interface AvroArray {
  type: 'array';
  items: AvroType;
}

/** Microseconds since 1970 in a long. */
interface AvroLogical {
  type: 'long';
  logicalType: 'timestamp-micros';
}

export interface AvroRecord {
  type: 'record';
  name: string;
  namespace?: string;
  /** The survey's own number of the layout, where it writes one into the schema. */
  version?: string;
  fields: AvroField[];
}

export interface AvroField {
  name: string;
  type: AvroType;
  /** Only nullable fields have one. */
  default?: null;
}

/**
 * Reads the project's notation of a record: words between blanks, of which those that end in a
 * colon are the type of all the names behind them. A `?` makes the type nullable, with null as the
 * first branch and the default; brackets make it an array; `micros` is a time in microseconds; any
 * name that is no type of Avro refers to another record.
 *
 * `long: visit float?: psfFlux psfFluxErr [diaSource]?: prvDiaSources` has four fields.
 *
 * @throws if a name comes before the first type.
 */
export function avroFields(notation: string): AvroField[] {
  const fields: AvroField[] = [];
  let type = '';
  for (const word of notation.split(/\s+/)) {
    if (word === '') continue;
    if (word.endsWith(':')) type = word.slice(0, -1);
    else if (type === '') throw new Error(`the notation gives ${word} no type`);
    else fields.push(avroField(word, type));
  }
  return fields;
}

/** The template once for each letter, which stands where the template has `*`. */
export function perBand(bands: string, template: string): string {
  return [...bands].map((band) => template.replaceAll('*', band)).join(' ');
}

/** The fields with others put in behind the one named. */
export function insertAfter(fields: AvroField[], name: string, notation: string): AvroField[] {
  const at = positionOf(fields, name) + 1;
  return [...fields.slice(0, at), ...avroFields(notation), ...fields.slice(at)];
}

/** The fields without those named. */
export function without(fields: AvroField[], ...names: string[]): AvroField[] {
  const gone = new Set(names.map((name) => positionOf(fields, name)));
  return fields.filter((_, i) => !gone.has(i));
}

/** The fields in their places, those in the notation with the type that it gives them. */
export function retype(fields: AvroField[], notation: string): AvroField[] {
  const changed = [...fields];
  for (const field of avroFields(notation)) changed[positionOf(fields, field.name)] = field;
  return changed;
}

/**
 * The whole schema of a packet: records named in fields are defined where they first come up, as
 * Avro wants it, and referred to by their full names afterwards.
 *
 * @param namespaces - That of the packet itself, and that of the records inside it.
 * @param layouts - Fields of every record, the packet's own among them.
 */
export function packetSchema(
  name: string,
  namespaces: { packet: string; inner: string },
  layouts: Record<string, AvroField[]>,
): AvroRecord {
  const defined = new Set<string>();
  const expand = (type: AvroType): AvroType => {
    if (Array.isArray(type)) return type.map(expand);
    if (typeof type === 'object') {
      return type.type === 'array' ? { type: 'array', items: expand(type.items) } : type;
    }
    if (!(type in layouts)) return type;
    if (defined.has(type)) return `${namespaces.inner}.${type}`;
    defined.add(type);
    return record(type, namespaces.inner);
  };
  const record = (recordName: string, namespace: string): AvroRecord => ({
    type: 'record',
    name: recordName,
    namespace,
    fields: layouts[recordName].map((field) => ({ ...field, type: expand(field.type) })),
  });
  return record(name, namespaces.packet);
}

function avroField(name: string, word: string): AvroField {
  if (!word.endsWith('?')) return { name, type: avroType(word) };
  return { name, type: ['null', avroType(word.slice(0, -1))], default: null };
}

function avroType(word: string): AvroType {
  if (word.startsWith('[')) return { type: 'array', items: avroType(word.slice(1, -1)) };
  return word === 'micros' ? { type: 'long', logicalType: 'timestamp-micros' } : word;
}

function positionOf(fields: AvroField[], name: string): number {
  const position = fields.findIndex((field) => field.name === name);
  if (position < 0) throw new Error(`there is no field ${name} to change`);
  return position;
}
