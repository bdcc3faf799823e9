import type { Step } from '../../../post_ingest/steps/step.ts';

/** A step in the tests' hands, under the name of a real one. */
export function fakeStep(
  name: Step['name'],
  behaviour: {
    facts?: Record<string, unknown>;
    find?: () => void;
    write?: Awaited<ReturnType<Step['find']>>['write'];
  },
): Step & { asked: string[][] } {
  const asked: string[][] = [];
  return {
    name,
    asked,
    async find(_db, _survey, objects) {
      asked.push(objects.map(({ id }) => id));
      behaviour.find?.();
      await Promise.resolve();
      return {
        facts: new Map(objects.map(({ id }) => [id, { ...behaviour.facts }])),
        write: behaviour.write ?? (() => Promise.resolve()),
      };
    },
  };
}
