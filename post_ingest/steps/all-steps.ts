import type { Step } from './step.ts';

/** Every step that goes by an object's place, in no order: none needs another's result. */
export const ALL_STEPS: readonly Step[] = [];
