import { readFileSync } from 'node:fs';

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

export interface ProfileRow {
  /** `function file:line` */
  where: string;
  selfMs: number;
  share: number;
}

/** Where the time of a V8 CPU profile (`--cpu-prof`) went, by the function itself, most first. */
export function profileTable(file: string, rows = 30): ProfileRow[] {
  const profile = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
  const frames = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const selfMs = new Map<string, number>();
  let total = 0;
  profile.samples.forEach((id, i) => {
    const frame = frames.get(id);
    const ms = profile.timeDeltas[i] / 1000;
    if (frame === undefined || frame.functionName === '(idle)') return;
    const file = frame.url.replace(/^.*\/(?=[^/]+\/[^/]+$)/, '');
    const where =
      `${frame.functionName || '(anonymous)'} ${file}${file === '' ? '' : `:${frame.lineNumber + 1}`}`.trim();
    selfMs.set(where, (selfMs.get(where) ?? 0) + ms);
    total += ms;
  });
  return [...selfMs]
    .sort((a, b) => b[1] - a[1])
    .slice(0, rows)
    .map(([where, ms]) => ({ where, selfMs: Math.round(ms), share: ms / total }));
}
