import type { Queries, Transaction } from '../database.ts';
import { loadSql } from '../sql-blocks.ts';

const sql = loadSql('list-generations.sql', [
  'selectGeneration',
  'holdGeneration',
  'beginGeneration',
  'raiseGeneration',
]);

export const LIST_KINDS = ['watchlist', 'area'] as const;
export type ListKind = (typeof LIST_KINDS)[number];

/** How often lists of a kind were changed: what is in memory is still right where this is the same. */
export async function selectGeneration(db: Queries, kind: ListKind): Promise<bigint> {
  const [row] = await db.arrays(sql.selectGeneration, { kind });
  return row === undefined ? 0n : BigInt(String(row[0]));
}

/**
 * The same, and no list of the kind changes until the transaction ends. Several may hold it at once.
 * Whoever stores what matched holds it: a change is then either known to them, or made when what
 * they stored is there to be seen by the matching of past objects that the change asks for.
 */
export async function holdGeneration(tx: Transaction, kind: ListKind): Promise<bigint> {
  const [row] = await tx.arrays(sql.holdGeneration, { kind });
  if (row !== undefined) return BigInt(String(row[0]));
  // There is nothing yet that could be held.
  await tx.execute(sql.beginGeneration, { kind });
  const [begun] = await tx.arrays(sql.holdGeneration, { kind });
  return BigInt(String(begun[0]));
}

/**
 * Notes a change of what lists match. The last statement of its transaction: it waits for batches that
 * are being stored, and batches wait for it.
 */
export async function raiseGeneration(tx: Transaction, kind: ListKind): Promise<void> {
  await tx.execute(sql.raiseGeneration, { kind });
}
