import type { Survey } from '../config.ts';
import { parseObjectId } from '../store/objects.ts';
import { LONGEST } from './annotation.ts';
import type { SurveyAnnotation } from './annotation.ts';
import { readClassdict } from './classdict.ts';

/** What is wrong with each field, as Lasair's clients know it: `{version: ['...']}`. */
export type FieldProblems = Record<string, string[]>;

export interface ReadOptions {
  /** Whose objects are meant; told by the form of the id where it is not given. */
  survey?: Survey;
  /** Whether every field must be there, as Lasair's addresses have it; else there are defaults. */
  isStrict: boolean;
  /** Topic where the fields name none. */
  topic?: string;
}

const ID_FORMS: Record<Survey, string> = {
  ztf: 'This must be an objectId of ZTF, such as ZTF18acruwxq.',
  lsst: 'This must be a diaObjectId of Rubin: a whole number of up to 19 digits.',
};
/** Of what has no version, as Lasair's client has it. */
const NO_VERSION = '0.1';

/** Reads one annotation, from a form, JSON or a Kafka record; fields of other names are passed over. */
export function readAnnotation(
  input: unknown,
  { survey, isStrict, topic }: ReadOptions,
): SurveyAnnotation | { problems: FieldProblems } {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return { problems: { non_field_errors: ['An annotation is an object with named fields.'] } };
  }
  const given = { ...input } as Record<string, unknown>;
  const problems: FieldProblems = {};
  const text = (name: keyof typeof LONGEST, otherwise?: string, mayBeBlank = false): string => {
    const value = given[name];
    if ((value === undefined || value === null) && otherwise !== undefined) return otherwise;
    const problem = textProblem(value, LONGEST[name], mayBeBlank);
    if (problem !== undefined) problems[name] = [problem];
    return typeof value === 'string' ? value.trim() : '';
  };
  const usual = (value: string) => (isStrict ? undefined : value);
  const annotation = {
    topic: text('topic', topic),
    objectId: '',
    classification: text('classification'),
    version: text('version', usual(NO_VERSION)),
    explanation: text('explanation', usual(''), true),
    classdict: '{}',
    url: text('url', usual(''), true),
  };
  const object = readId(given.objectId ?? given.diaObjectId, survey);
  if ('problem' in object) problems.objectId = [object.problem];
  if (isStrict || (given.classdict !== undefined && given.classdict !== null)) {
    const read =
      given.classdict === undefined
        ? { problem: 'This field is needed.' }
        : readClassdict(given.classdict);
    if ('problem' in read) problems.classdict = [read.problem];
    else annotation.classdict = read.text;
  }
  if ('problem' in object || Object.keys(problems).length > 0) return { problems };
  return { survey: object.survey, annotation: { ...annotation, objectId: object.id } };
}

/** All that is wrong in one line: `objectId: This field is needed. url: ...`. */
export function problemText(problems: FieldProblems): string {
  return Object.entries(problems)
    .map(([name, texts]) => `${name === 'non_field_errors' ? '' : `${name}: `}${texts.join(' ')}`)
    .join(' ');
}

function textProblem(value: unknown, longest: number, mayBeBlank: boolean): string | undefined {
  if (value === undefined || value === null) return 'This field is needed.';
  if (typeof value !== 'string') return 'This must be a text.';
  if (value.trim() === '' && !mayBeBlank) return 'This field may not be blank.';
  if (value.trim().length > longest) {
    return `Ensure this field has no more than ${longest} characters.`;
  }
  // Half of a letter, which UTF-8 cannot say, and what ends texts in some programs.
  return /[\0\p{Surrogate}]/u.test(value) ? 'A character in it cannot be kept.' : undefined;
}

function readId(
  value: unknown,
  survey: Survey | undefined,
): { survey: Survey; id: string } | { problem: string } {
  if (value === undefined || value === null) return { problem: 'This field is needed.' };
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    return { problem: 'This number has lost its last digits on the way: send it as a text.' };
  }
  const isText = typeof value === 'string' || typeof value === 'number';
  const parsed = isText ? parseObjectId(String(value)) : undefined;
  if (parsed !== undefined && (survey === undefined || parsed.survey === survey)) return parsed;
  return {
    problem: survey === undefined ? `${ID_FORMS.ztf} ${ID_FORMS.lsst}` : ID_FORMS[survey],
  };
}
