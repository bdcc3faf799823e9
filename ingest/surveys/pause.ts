import { setImmediate as nextTurn } from 'node:timers/promises';

/** Others have their turn after this long, milliseconds. */
const TURN_MS = 4;

/** For long loops: lets others have their turn where it is time to. */
export function createPause(): () => Promise<void> | undefined {
  let turnEnds = performance.now() + TURN_MS;
  return () => {
    if (performance.now() <= turnEnds) return undefined;
    return nextTurn().then(() => {
      turnEnds = performance.now() + TURN_MS;
    });
  };
}
