import type { RunState } from './run-state.ts';

/** What a person who has just started Glint wants to know. */
export function welcome(state: RunState, isSimulated: boolean): string {
  const { site, kafka } = state;
  const source = isSimulated
    ? 'A simulated night is streaming: objects appear on the front page within seconds.'
    : kafka
      ? `Alerts come from the topics of ${kafka.brokers.join(', ')}.`
      : 'Nothing is streaming.';
  return [
    '',
    `  Glint runs at ${site}`,
    `  ${source}`,
    '',
    '  Try next:',
    `    open ${site}/status/ to see what comes in`,
    `    open ${site}/streams/ to let a query tell you of new alerts`,
    '    bin/glint status           addresses, processes, counts',
    '    bin/glint replay PATH      feed packets from files or archives',
    '    bin/glint down             stop it (here: Ctrl-C)',
    '',
  ].join('\n');
}
