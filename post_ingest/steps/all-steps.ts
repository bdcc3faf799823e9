import { contextStep } from '../context/context-step.ts';
import { otherSurveyStep } from '../other-survey/other-survey-step.ts';
import { tnsStep } from '../tns/tns-step.ts';
import { watchlistStep } from '../watchlists/watchlist-step.ts';
import { watchmapStep } from '../watchmaps/watchmap-step.ts';
import type { Step } from './step.ts';

/** Every step that goes by an object's place, in no order: none needs another's result. */
export const ALL_STEPS: readonly Step[] = [
  contextStep,
  tnsStep,
  otherSurveyStep,
  watchlistStep,
  watchmapStep,
];
