import type { RecordIndex } from '../../common/avro/compile.ts';
import { createKeySet, beginWithSection } from '../../common/history/key-set.ts';
import type { KeySet } from '../../common/history/key-set.ts';
import type { Section } from '../../common/history/packed-section.ts';

const keys: KeySet = createKeySet();
let places = new Int32Array(1024);

/**
 * Which records of a packet's history the object's section does not hold yet; known ones cost a
 * look-up and are never built.
 *
 * @param key - Which of the index's keys identifies the records; those where it is null are passed over.
 * @returns Their places in the index, each new record once; valid until the next call.
 */
export function newRecords(index: RecordIndex, key: number, section: Section): Int32Array {
  const { low, high, isNull } = index.keys[key];
  if (index.length === 0) return places.subarray(0, 0);
  if (index.length > places.length) places = new Int32Array(2 * index.length);
  beginWithSection(keys, section, index.length);
  let count = 0;
  for (let i = 0; i < index.length; i++) {
    if (isNull[i] === 0 && keys.add(low[i], high[i])) places[count++] = i;
  }
  return places.subarray(0, count);
}
