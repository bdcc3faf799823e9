import { describeFunctions } from './signature.ts';

/** Functions of JSON texts, such as annotations.classdict. */
export const JSON_FUNCTIONS = describeFunctions(
  'scalar',
  `
  JSON_EXTRACT(document json, path path, more path...) json What stands at a path: JSON_EXTRACT(classdict, '$.probability').
  JSON_UNQUOTE(x json) text A JSON text without its quotes.
  JSON_VALUE(document json, path path) text The number, text or truth value at a path, without quotes.
  JSON_CONTAINS(document json, part json, path path?) bool Whether the document holds the part.
  JSON_LENGTH(document json, path path?) int Number of entries.
  JSON_KEYS(document json, path path?) json The keys of an object, as a list.
  JSON_TYPE(document json) text OBJECT, ARRAY, STRING, INTEGER, DOUBLE, BOOLEAN or NULL.
  JSON_VALID(document json) bool Whether it is JSON.`,
  {
    // To MySQL the path of its own JSON_VALUE is a word of the grammar, which no parameter can be.
    JSON_VALUE: {
      written: {
        mariadb: 'JSON_VALUE($1, $2)',
        mysql:
          "(CASE WHEN JSON_TYPE(JSON_EXTRACT($1, $2)) NOT IN ('OBJECT', 'ARRAY', 'NULL') THEN JSON_UNQUOTE(JSON_EXTRACT($1, $2)) END)",
      },
    },
  },
);

/**
 * What the short form `classdict.probability` is written as: the number or text at a path, 1 or 0 for
 * a truth value, NULL for null, lists, objects and what is not there.
 */
export const [JSON_MEMBER] = describeFunctions(
  'scalar',
  'JSON_MEMBER(document json, path path) text The number, text or truth value at a path.',
  {
    JSON_MEMBER: {
      written: {
        mariadb: 'JSON_VALUE($1, $2)',
        mysql:
          "(CASE JSON_TYPE(JSON_EXTRACT($1, $2)) WHEN 'OBJECT' THEN NULL WHEN 'ARRAY' THEN NULL WHEN 'NULL' THEN NULL WHEN 'BOOLEAN' THEN IF(JSON_UNQUOTE(JSON_EXTRACT($1, $2)) = 'true', '1', '0') ELSE JSON_UNQUOTE(JSON_EXTRACT($1, $2)) END)",
      },
    },
  },
);

/** JSON_EXTRACT beside a text: without quotes, as both servers then compare it. */
export const [JSON_TEXT] = describeFunctions(
  'scalar',
  'JSON_TEXT(document json, path path) text What stands at a path, without quotes.',
  { JSON_TEXT: { written: 'JSON_UNQUOTE(JSON_EXTRACT($1, $2))' } },
);

/** Functions that choose between values. */
export const CHOICES = describeFunctions(
  'scalar',
  `
  COALESCE(x any, y any...) common The first that is not NULL.
  IFNULL(x any, y any) common x, or y where x is NULL.
  NULLIF(x any, y any) same NULL where x equals y, otherwise x.
  IF(condition any, x any, y any) chosen x where the condition holds, otherwise y.
  ISNULL(x any) bool 1 where x is NULL, otherwise 0.`,
);
