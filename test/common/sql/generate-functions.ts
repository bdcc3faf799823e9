import { integer } from '../../../ingest/simulate/random.ts';
import { chance, column, condition, expressionOf, pick } from './generate-expressions.ts';
import type { Place } from './generate-expressions.ts';

const DOCUMENTS = [
  `'{"a": [1, 2.5, "x"], "b": {"c": null, "d": true}}'`,
  "'[]'",
  "'17.5'",
  `'"ZTF"'`,
];
const PATHS = ["'$.a'", "'$.a[1]'", "'$.b.c'", "'$.b.d'", "'$.nothing'", "'$'", "'$.a[2]'"];
const UNITS = ['SECOND', 'MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'];
const FORMATS = ["'%Y-%m-%d'", "'%j %H:%i'", "'%b %d %y'", "'100%%'"];

/** A number that functions of numbers, texts, times or JSON give, or that is one of truth. */
export function numberFunction(place: Place): string {
  const { random } = place;
  const n = () => expressionOf('number', place);
  const t = () => expressionOf(chance(random, 50) ? 'text' : 'ascii', place);
  const time = () => expressionOf('time', place);
  const digits = () => pick(random, ['0', '1', '3', '-1', '-2']);
  switch (integer(random, 15)) {
    case 0:
      return `${pick(random, ['ROUND', 'TRUNCATE'])}(${n()}, ${digits()})`;
    case 1:
      return `LOCATE(${pick(random, ["'a'", "'n'", "''", "'%'"])}, ${t()}, ${pick(random, ['1', '2', '0', '-1'])})`;
    case 2:
      return `STRCMP(${t()}, ${t()})`;
    case 3:
      return `DATEDIFF(${time()}, ${time()})`;
    case 4:
      return `TIMESTAMPDIFF(${pick(random, UNITS)}, ${time()}, ${time()})`;
    case 5:
      return `${pick(random, ['QUARTER', 'WEEKDAY', 'DAYOFWEEK', 'MINUTE', 'SECOND', 'TO_SECONDS', 'UNIX_TIMESTAMP'])}(${time()})`;
    case 6:
      return `JSON_LENGTH(${pick(random, DOCUMENTS)}, ${pick(random, PATHS)})`;
    case 7:
      return `(${condition(place)}) ${pick(random, ['+', '*', '-'])} (${condition(place)})`;
    case 8:
      return `(${n()}) DIV ${pick(random, ['3', '-2', '0.7', '-1'])}`;
    case 9:
      return `(${n()}) ${pick(random, ['%', 'MOD'])} ${pick(random, ['3', '-2', '0.7', '1e1'])}`;
    case 10:
      return `${pick(random, ['LEAST', 'GREATEST'])}(${n()}, ${n()}, ${n()})`;
    case 11:
      return pick(random, [
        '9223372036854775807',
        '18446744073709551615',
        '9007199254740993',
        '123456789012345678901234567890.5',
        '0.000000000000000000000000000001',
        '- 9223372036854775808',
        '.1e+2',
        '007',
      ]);
    case 12:
      return `CAST(${pick(random, ["'12abc'", "'-3.7'", "' 8 '", "'1e2'", "''"])} AS ${pick(random, ['SIGNED', 'DOUBLE', 'UNSIGNED'])})`;
    case 13:
      return `ISNULL(${pick(random, [n, t, time])()})`;
    default:
      return `IFNULL(${n()}, ${n()})`;
  }
}

export function textFunction(place: Place): string {
  const { random } = place;
  const t = () => expressionOf(chance(random, 60) ? 'text' : 'ascii', place);
  const count = () => pick(random, ['0', '1', '2', '-1', '5']);
  switch (integer(random, 10)) {
    case 0:
      return `${pick(random, ['LEFT', 'RIGHT'])}(${t()}, ${count()})`;
    case 1:
      return `${pick(random, ['LPAD', 'RPAD'])}(${t()}, ${pick(random, ['0', '3', '12'])}, ${pick(random, ["'*'", "'ab'", "''"])})`;
    case 2:
      return `${pick(random, ['LTRIM', 'RTRIM', 'LCASE', 'UCASE'])}(${t()})`;
    case 3:
      return `SUBSTRING_INDEX(${t()}, ${pick(random, ["'a'", "' '", "'t'"])}, ${count()})`;
    case 4:
      return `CONCAT_WS(${pick(random, ["','", "' '"])}, ${t()}, ${t()}, ${t()})`;
    case 5:
      return `MID(${t()}, ${count()}, ${count()})`;
    case 6:
      return `DATE_FORMAT(${expressionOf('time', place)}, ${pick(random, FORMATS)})`;
    case 7:
      return `JSON_VALUE(${pick(random, DOCUMENTS)}, ${pick(random, PATHS)})`;
    case 8:
      return `JSON_UNQUOTE(JSON_EXTRACT(${pick(random, DOCUMENTS)}, ${pick(random, PATHS)}))`;
    default:
      return `NULLIF(${t()}, ${t()})`;
  }
}

export function timeFunction(place: Place): string {
  const { random } = place;
  const time = () => expressionOf('time', place);
  const unit = pick(random, UNITS);
  const count = pick(random, ['1', '-3', '14', '0.5', '30']);
  return pick(random, [
    `${time()} ${pick(random, ['+', '-'])} INTERVAL ${count} ${unit}`,
    `${pick(random, ['DATE_ADD', 'DATE_SUB'])}(${time()}, INTERVAL ${count} ${unit})`,
    `TIMESTAMPADD(${unit}, ${count}, ${time()})`,
    `COALESCE(${time()}, ${time()})`,
  ]);
}

/** Tests that people get wrong, and that servers have rules of their own for. */
export function testOf(place: Place): string {
  const { random } = place;
  const n = () => expressionOf('number', place);
  const t = () => expressionOf(chance(random, 50) ? 'text' : 'ascii', place);
  const not = chance(random, 30) ? 'NOT ' : '';
  const digits = () => pick(random, ["'17.5'", "'1e1'", "' 3'", "'-1'", "'0'"]);
  switch (integer(random, 10)) {
    case 0:
      return `${column('number', place) ?? '1'} ${pick(random, ['=', '<', '>', '<=>'])} ${digits()}`;
    case 1:
      return `${n()} ${not}IN (NULL, ${n()}, ${digits()})`;
    case 2:
      return `${t()} ${not}LIKE CONCAT(${t()}, '%')`;
    case 3:
      return `${t()} ${not}LIKE ${pick(random, ["'%\u00fc%'", "'_n_'", "'a__'", "'%0%'", "'% %'", "''"])}`;
    case 4:
      return `${pick(random, [n, t])()} <=> NULL`;
    case 5:
      return `${n()} = NULLIF(1, 1)`;
    case 6:
      return `${t()} ${not}BETWEEN ${t()} AND ${t()}`;
    case 7:
      return `${t()} ${not}IN (${t()}, NULL, ${t()})`;
    case 8:
      return `JSON_CONTAINS(${pick(random, DOCUMENTS)}, ${pick(random, ["'1'", "'true'", "'[2.5]'"])})`;
    default:
      return `${expressionOf('time', place)} ${not}BETWEEN '2020-01-01' AND ${expressionOf('time', place)}`;
  }
}
