import { fieldParameters, defaultValues } from '../../common/queries/query-fields.ts';
import { sourceText } from '../../common/queries/saved-query-content.ts';
import type { QueryContent } from '../../common/queries/saved-query-content.ts';
import { BROKER, LEVELS, isEditable } from '../../common/store/saved-queries.ts';
import type { Actor, Level, SavedQuery } from '../../common/store/saved-queries.ts';
import { SURVEY_NAMES } from '../object-page.ts';
import { queryLink, readQueryInput } from '../query/query-input.ts';
import type { QueryLink } from '../query/query-input.ts';
import { LEVEL_NAMES, ownerName } from './query-list.ts';

/** What its own page shows of a saved query. */
export function queryPage(query: SavedQuery, actor: Actor | undefined) {
  const mayEdit = isEditable(query, actor);
  return {
    title: query.name,
    isQuery: true,
    query,
    surveyName: SURVEY_NAMES[query.survey],
    ownerName: ownerName(query),
    levelName: LEVEL_NAMES[query.level],
    isSystem: query.level === 2,
    text: sourceText(query.source),
    paragraphs: query.description.split(/\n{2,}/).filter((text) => text.trim() !== ''),
    fields: query.fields,
    open: openLink(query, defaultValues(query.fields)),
    mayEdit,
    isOwn: actor !== undefined && query.userId === actor.userId,
    mayCopy: actor !== undefined,
    levels: mayEdit ? offeredLevels(query, actor) : [],
  };
}

/** The query page with the text of a query in it, run with these numbers. */
export function openLink(
  { survey, source }: Pick<QueryContent, 'survey' | 'source'>,
  values: Record<string, number>,
): QueryLink {
  return queryLink({
    ...readQueryInput({ survey, ...Object.fromEntries(fieldParameters(values)) }),
    source,
  });
}

const LEVEL_BUTTONS: Record<Level, string> = {
  0: 'Make it private',
  1: 'Make it public',
  2: 'Put it on the streams page',
};

function offeredLevels(query: SavedQuery, actor: Actor | undefined) {
  return LEVELS.filter(
    (level) =>
      level !== query.level &&
      (level < 2 || actor?.role === 'staff') &&
      (level > 0 || query.userId !== BROKER),
  ).map((level) => ({ level, title: LEVEL_BUTTONS[level] }));
}
