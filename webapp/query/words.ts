import { createHash } from 'node:crypto';

import { SURVEYS } from '../../common/config.ts';
import { tablesFor } from '../../common/sql/dictionary.ts';
import { FUNCTION_GROUPS } from '../../common/sql/functions/functions.ts';
import { signatureOf } from '../../common/sql/functions/signature.ts';
import { LIGHT_CURVE_COLUMNS } from '../../common/sql/sugar/light-curve-columns.ts';
import { SUGAR } from '../../common/sql/sugar/sugar.ts';

/** What a query may name, for the editor: as text of JSON, under an address that changes with it. */
export interface QueryWords {
  address: string;
  json: string;
}

/** Tables with columns, units and meanings of each survey, and the functions in their groups. */
export function queryWords(): QueryWords {
  const json = JSON.stringify({
    surveys: Object.fromEntries(
      SURVEYS.map((survey) => [
        survey,
        tablesFor(survey).map(({ name, description, columns }) => ({
          name,
          about: description,
          columns: columns.map((column) => ({
            name: column.name,
            type: column.type,
            unit: column.unit,
            meaning: column.description,
          })),
        })),
      ]),
    ),
    functionGroups: functionGroups(),
  });
  const digest = createHash('sha256').update(json).digest('hex').slice(0, 12);
  return { address: `/query/words-${digest}.json`, json };
}

/** Every function with how it is called and what it gives; what only Glint has comes first. */
export function functionGroups() {
  return [
    { name: 'Sky, lists and light curves', functions: conditions() },
    ...FUNCTION_GROUPS.map(({ name, functions }) => ({
      name,
      functions: functions.map((each) => ({
        name: each.name,
        signature: signatureOf(each),
        meaning: each.description,
      })),
    })),
  ];
}

function conditions() {
  const columns = LIGHT_CURVE_COLUMNS.map(({ name }) => name).join(', ');
  return [
    ...[...SUGAR].map(([name, { signature, description }]) => ({
      name,
      signature,
      meaning: description,
    })),
    {
      name: 'light_curve',
      signature: 'light_curve([table], aggregate WHERE condition)',
      meaning: `An aggregate over the detections of the object: light_curve(count(*) WHERE band = 'r' AND mag < 18.5). Within it stand ${columns}, and the columns of the survey's detections.`,
    },
  ];
}
