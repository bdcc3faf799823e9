import { describeColumns } from './describe.ts';
import type { Table } from './types.ts';

/** What is kept between the preview of a list and the moment it is saved. */
export const LIST_DRAFT_TABLES: Table[] = [
  {
    database: 'glint',
    name: 'watchlist_drafts',
    description: 'Lists of sources that were sent and are looked at before they are saved.',
    isPublic: false,
    primaryKey: ['draft_id'],
    indexes: [{ columns: ['user_id', 'draft_id'] }, { columns: ['created_at'] }],
    columns: [
      {
        name: 'draft_id',
        type: 'int',
        required: true,
        autoIncrement: true,
        ucd: 'meta.id;meta.main',
        description: 'Number of the draft.',
      },
      ...describeColumns(`
        user_id! int - meta.id.parent Account that sent it.
        wl_id int - meta.id.cross Watchlist that the sources are added to; NULL for a new one.
        settings! json - meta.record Name, description, radius and switches, as they were written.
        file_name text(256) - meta.file Name of the file; NULL for a text that was pasted.
        bytes! int byte meta.number Length of what was sent.
        created_at! timestamp - time.creation When it was sent, UTC.`),
    ],
  },
  {
    database: 'glint',
    name: 'watchlist_draft_parts',
    description: 'What was sent for drafts, in pieces that any server takes.',
    isPublic: false,
    primaryKey: ['draft_id', 'part'],
    indexes: [{ columns: ['user_id'] }],
    columns: describeColumns(`
      draft_id! int - meta.id.parent Draft.
      part! smallint - meta.number Which piece of it, from 0.
      user_id! int - meta.id.parent Account that sent it.
      content! blob - - The bytes as they came.`),
  },
];
