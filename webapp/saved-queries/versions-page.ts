import { z } from 'zod';

import type { Queries } from '../../common/store/database.ts';
import {
  BROKER,
  isEditable,
  selectVersion,
  selectVersions,
} from '../../common/store/saved-queries.ts';
import type { Actor, QueryVersion, SavedQuery } from '../../common/store/saved-queries.ts';
import { diffVersions } from './version-diff.ts';

const VersionNumber = z.coerce.number().int().positive().max(1_000_000);
/** Which two are compared; the newest and the one before it without. */
export const VersionsInput = z.object({
  from: VersionNumber.optional(),
  to: VersionNumber.optional(),
});

/** The versions of a query, and what differs between two of them. */
export async function versionsPage(
  db: Queries,
  query: SavedQuery,
  input: z.infer<typeof VersionsInput>,
  actor: Actor | undefined,
) {
  const to = input.to ?? query.version;
  const from = input.from ?? Math.max(1, to - 1);
  const [older, newer, versions] = await Promise.all([
    selectVersion(db, query.queryId, from),
    selectVersion(db, query.queryId, to),
    selectVersions(db, query.queryId),
  ]);
  const mayEdit = isEditable(query, actor);
  return {
    title: `Versions of ${query.name}`,
    isQuery: true,
    query,
    from,
    to,
    isOne: versions.length === 1,
    isSame: from === to,
    sections: diffVersions(older.content, newer.content),
    versions: versions.map((version) => ({
      ...version,
      authorName: authorName(version),
      isNewest: version.version === query.version,
      isFrom: version.version === from,
      isTo: version.version === to,
      mayRestore: mayEdit && version.version !== query.version,
    })),
    mayEdit,
  };
}

function authorName({ userId, author }: QueryVersion): string {
  return author ?? (userId === BROKER ? 'Glint' : 'an account that is gone');
}
