import type { Survey } from '../../common/config.ts';
import type { AnnotationRow } from '../../common/store/annotations/annotation-lists.ts';
import { SURVEY_NAMES } from '../object-page.ts';
import { classdictTable } from './classdict-table.ts';

/** An annotation as pages show it. */
export function annotationView(survey: Survey, row: AnnotationRow) {
  return {
    ...row,
    survey,
    surveyName: SURVEY_NAMES[survey],
    table: classdictTable(row.classdict),
    link: safeLink(row.url),
  };
}

/** An address that may be a link: of the web, and shown by its host; undefined for all else. */
function safeLink(url: string): { address: string; host: string } | undefined {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  const { href, host } = new URL(url);
  return { address: href, host };
}
