import type { FilterMemory, OutputSettings } from '../../common/filters/filter.ts';
import type { FilterOutput } from '../../common/store/filter-outputs.ts';
import type { FilterSettings } from '../../common/store/filters.ts';

/** When a filter runs, in words. */
export function triggerWords({ onAlerts, onAnnotations }: FilterSettings['triggers']): string {
  if (onAlerts && onAnnotations) return 'new alerts and changed annotations';
  return onAlerts ? 'new alerts' : 'changed annotations';
}

/** When it tells again of the same object, in words. */
export function memoryWords(memory: FilterMemory): string {
  switch (memory.kind) {
    case 'every':
      return 'tells of an object at every alert that passes';
    case 'once':
      return 'tells of each object once';
    case 'days':
      return `tells of an object again after ${memory.days} days`;
    case 'change':
      return memory.by === 0
        ? `tells of an object again when ${memory.column} changes`
        : `tells of an object again when ${memory.column} changes by ${memory.by}`;
    case 'brighter':
      return `tells of an object again when ${memory.column} brightens by ${memory.by}`;
  }
}

const CONTENT_WORDS: Record<OutputSettings['kafka']['content'], string> = {
  columns: 'the selected columns',
  'light-curve': 'the selected columns and the light curve',
  alert: 'the selected columns and the full alert',
};
const BODY_WORDS: Record<OutputSettings['webhook']['body'], string> = {
  json: 'JSON',
  slack: 'a message for Slack',
  voevent: 'VOEvent 2.0',
};

/** Where an output sends what, in words; the address of a webhook only to its owner. */
export function outputWords(output: FilterOutput, isOwner: boolean): string {
  switch (output.channel) {
    case 'kafka':
      return CONTENT_WORDS[output.settings.content];
    case 'mail':
      return output.settings.every === 'day'
        ? 'once a day'
        : `as soon as possible, at most every ${output.settings.gapMinutes} min`;
    case 'webhook':
      return isOwner
        ? `${BODY_WORDS[output.settings.body]} to ${output.settings.url}`
        : BODY_WORDS[output.settings.body];
  }
}
