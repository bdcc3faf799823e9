import type { Annotator, AnnotatorSettings } from '../../common/store/annotations/annotators.ts';

/** What somebody wrote into the form of an annotator. */
export interface AnnotatorForm extends AnnotatorSettings {
  topic: string;
}

export const NEW_FORM: AnnotatorForm = {
  topic: '',
  description: '',
  isPublic: true,
  isActive: true,
};

/** Reads the form; a box that is not ticked is not sent. */
export function readAnnotatorForm(raw: unknown): AnnotatorForm {
  const given = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<string, unknown>;
  const text = (name: string) => (typeof given[name] === 'string' ? given[name] : '');
  return {
    topic: text('topic').trim(),
    // Browsers send line ends as two characters.
    description: text('description').replaceAll('\r\n', '\n'),
    isPublic: text('public') !== 'no',
    isActive: text('active') !== '',
  };
}

export function formOf({ topic, description, isPublic, isActive }: Annotator): AnnotatorForm {
  return { topic, description, isPublic, isActive };
}
