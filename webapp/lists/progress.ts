import type { ListMatch } from '../../common/store/lists/list-matches.ts';
import { SURVEY_NAMES } from '../object-page.ts';

/** How far a list has been matched against known objects, as page and script show it. */
export function progressView(progress: readonly ListMatch[]) {
  const surveys = progress.map(({ survey, done, total, hits, problem, endedAt }) => ({
    survey,
    surveyName: SURVEY_NAMES[survey],
    done,
    total,
    hits,
    percent: endedAt !== null ? 100 : total === 0 ? 0 : Math.floor((100 * done) / total),
    isDone: endedAt !== null,
    problem: problem === '' ? undefined : problem,
  }));
  return {
    surveys,
    isRunning: surveys.some(({ isDone }) => !isDone),
    problem: surveys.find(({ problem }) => problem !== undefined)?.problem,
  };
}
