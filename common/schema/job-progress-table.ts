import { describeColumns } from './describe.ts';
import type { Table } from './types.ts';

/** How far the jobs got that go on where they stopped. */
export const JOB_PROGRESS: Table = {
  database: 'glint',
  name: 'job_progress',
  description: 'How far jobs got that go on where they stopped.',
  isPublic: false,
  primaryKey: ['task'],
  indexes: [],
  columns: describeColumns(`
    task! name(64) - meta.id;meta.main Name of the task.
    position! text(255) - meta.note Where it goes on: what that is, the task knows.
    updated_at! timestamp - time.processing When it was written, UTC.`),
};
