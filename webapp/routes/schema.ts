import { Router } from 'express';

import { ALL_TABLES } from '../../common/schema/tables.ts';
import { sqlType } from '../../common/schema/ddl.ts';
import { SURVEY_NAMES } from '../object-page.ts';

/** The public tables of the schema description, with type, unit and meaning of every column. */
export function schemaRoutes(): Router {
  const router = Router();
  const databases = (['ztf', 'lsst'] as const).map((database) => ({
    database,
    name: SURVEY_NAMES[database],
    tables: ALL_TABLES.filter((table) => table.isPublic && table.database === database).map(
      (table) => ({
        ...table,
        key: table.primaryKey.join(', '),
        columns: table.columns.map((column) => ({
          ...column,
          sqlType: sqlType(column.type).replace(/ CHARACTER SET.*/, ''),
          isKey: table.primaryKey.includes(column.name),
        })),
      }),
    ),
  }));
  router.get('/schema/', (_req, res) => {
    res.render('schema', { title: 'Schema', isSchema: true, databases });
  });
  return router;
}
