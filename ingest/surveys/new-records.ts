import type { RecordIndex } from '../../common/avro/compile.ts';
import { createKeySet, beginWithSection } from '../../common/history/key-set.ts';
import type { KeySet } from '../../common/history/key-set.ts';
import type { Section } from '../../common/history/packed-section.ts';

const keys: KeySet = createKeySet();

/**
 * Calls `take` for every record of a packet's history that the object's section does not hold yet;
 * known ones cost a look-up and are never built.
 *
 * @param key - Which of the index's keys identifies the records; those where it is null are passed over.
 */
export function forNewRecords(
  index: RecordIndex,
  key: number,
  section: Section,
  take: (i: number, keyLow: number, keyHigh: number) => void,
): void {
  const { low, high, isNull } = index.keys[key];
  if (index.length === 0) return;
  beginWithSection(keys, section, index.length);
  for (let i = 0; i < index.length; i++) {
    if (isNull[i] === 0 && keys.add(low[i], high[i])) take(i, low[i], high[i]);
  }
}
