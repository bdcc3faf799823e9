import { InvalidInputError } from '../../common/errors.ts';
import { parameterNames } from '../../common/queries/query-fields.ts';
import { checkQuery } from '../../common/queries/run-query.ts';
import { QueryContentSchema, sourceText } from '../../common/queries/saved-query-content.ts';
import type { QueryContent, QueryField } from '../../common/queries/saved-query-content.ts';
import type { Actor } from '../../common/store/saved-queries.ts';
import { parseQuery } from '../../common/sql/parse-query.ts';
import { QueryError } from '../../common/sql/query-error.ts';
import { queryFailure } from '../query/failure.ts';
import type { QueryFailure } from '../query/failure.ts';
import { fieldNumbers, isBlank, readQueryInput } from '../query/query-input.ts';
import type { QueryInput } from '../query/query-input.ts';
import type { Services } from '../services.ts';

/** What somebody wrote into the form, right or wrong: it is shown again until it is kept. */
export interface QueryForm {
  name: string;
  description: string;
  note: string;
  input: QueryInput;
  labels: Record<string, string>;
  units: Record<string, string>;
}

/** Why a form is not kept. */
export interface FormFault {
  /** What is wrong beside the query itself: one sentence each. */
  problems: string[];
  /** What is wrong with the query, and where. */
  failure?: QueryFailure;
}

/** Reads the form, from its own page or the query page, which has no name to give. */
export function readQueryForm(raw: Record<string, unknown>): QueryForm {
  const text = (name: string) => (typeof raw[name] === 'string' ? raw[name] : '');
  const texts = (prefix: string) =>
    Object.fromEntries(
      Object.keys(raw).flatMap((key) =>
        key.startsWith(prefix) ? [[key.slice(prefix.length), text(key)]] : [],
      ),
    );
  return {
    name: text('name'),
    description: text('description'),
    note: text('note'),
    input: readQueryInput(raw),
    labels: texts('label.'),
    units: texts('unit.'),
  };
}

/** The form that a query was made with. */
export function formOf(content: QueryContent): QueryForm {
  const { name, description, survey, source, fields } = content;
  const each = (valueOf: (field: QueryField) => string) =>
    Object.fromEntries(fields.map((field) => [field.name, valueOf(field)]));
  return {
    name,
    description,
    note: '',
    input: {
      ...readQueryInput({ survey }),
      source,
      fields: each((field) => String(field.default)),
    },
    labels: each((field) => field.label),
    units: each((field) => field.unit),
  };
}

/**
 * Whether what was written can be kept: names and limits, every field has its number, and the query
 * would run.
 *
 * @throws whatever is neither the form's matter nor the query's.
 */
export async function checkQueryForm(
  { context, sandbox }: Services,
  form: QueryForm,
  actor: Actor,
): Promise<QueryContent | FormFault> {
  const { survey, source } = form.input;
  if (isBlank(form.input)) return { problems: ['Write the query that is to be kept.'] };
  try {
    const names = parameterNames(parseQuery(source));
    const { numbers } = fieldNumbers(form.input);
    const content = QueryContentSchema.safeParse({
      name: form.name,
      description: form.description,
      survey,
      source,
      fields: names.map((name) => ({
        name,
        label: textOf(form.labels, name),
        unit: textOf(form.units, name),
        default: Object.hasOwn(numbers, name) ? numbers[name] : NaN,
      })),
    });
    if (!content.success) {
      const messages = content.error.issues.map(({ path, message }) => {
        const name = path[0] === 'fields' ? names[Number(path[1])] : undefined;
        return sentence(name === undefined ? message : `field :${name}: ${message}`);
      });
      return { problems: [...new Set(messages)] };
    }
    await checkQuery(
      { db: context.db, sandbox, now: context.now },
      { survey, source, reader: actor, fields: numbers },
    );
    return content.data;
  } catch (err) {
    const failure = queryFailure(err, source);
    if (failure === undefined) throw err;
    return { problems: [], failure };
  }
}

export function isFault(checked: QueryContent | FormFault): checked is FormFault {
  return 'problems' in checked;
}

/** Keeps what was checked; what the store refuses is the form's matter too. */
export async function tryToKeep<Result>(
  { input }: QueryForm,
  keep: () => Promise<Result>,
): Promise<{ kept: Result } | FormFault> {
  try {
    return { kept: await keep() };
  } catch (err) {
    if (err instanceof InvalidInputError) return { problems: [err.message] };
    const failure = queryFailure(err, input.source);
    if (failure === undefined) throw err;
    return { problems: [], failure };
  }
}

/** The form as the template shows it, with a row for each field that the text has or had. */
export function formView(form: QueryForm, fault?: FormFault) {
  const { source, survey, fields } = form.input;
  return {
    name: form.name,
    description: form.description,
    note: form.note,
    survey,
    isZtf: survey === 'ztf',
    source,
    isBoxes: source.kind === 'boxes',
    lines: Math.min(30, Math.max(8, sourceText(source).split('\n').length + 1)),
    fields: fieldNames(form).map((name) => ({
      name,
      label: textOf(form.labels, name),
      unit: textOf(form.units, name),
      default: textOf(fields, name),
    })),
    problems: fault?.problems ?? [],
    failure: fault?.failure && { ...fault.failure, message: sentence(fault.failure.message) },
  };
}

/** Of the text where it can be read, else of what was written into the form before. */
function fieldNames({ input }: QueryForm): string[] {
  if (isBlank(input)) return [];
  try {
    return parameterNames(parseQuery(input.source));
  } catch (err) {
    if (!(err instanceof QueryError)) throw err;
    return Object.keys(input.fields);
  }
}

/** A field may have any name, also that of something every object has. */
function textOf(texts: Record<string, string>, name: string): string {
  return Object.hasOwn(texts, name) ? texts[name] : '';
}

/** A message with a capital and a full stop, where it has none. */
export function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`;
}
