/** A straight map from values to pixels, with round ticks. */
export interface Scale {
  (value: number): number;
  ticks: { value: number; label: string; position: number }[];
}

const STEPS = [1, 2, 5, 10];

/** @param range - Pixels of the domain's ends; may run backwards, as magnitudes do. */
export function linearScale(
  domain: readonly [number, number],
  range: readonly [number, number],
  tickCount: number,
): Scale {
  const [low, high] = domain;
  const span = high - low || 1;
  const scale = (value: number) => range[0] + ((value - low) / span) * (range[1] - range[0]);
  const rough = span / Math.max(1, tickCount);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((factor) => factor * power >= rough) ?? 10) * power;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; i++) {
    const value = i * step;
    ticks.push({ value, label: value.toFixed(digits), position: scale(value) });
  }
  return Object.assign(scale, { ticks });
}

/** The range of values with room at both ends, so that no point sits on the frame. */
export function paddedDomain(values: number[], least: number, fraction = 0.06): [number, number] {
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return [0, 1];
  const low = finite.reduce((a, b) => Math.min(a, b));
  const high = finite.reduce((a, b) => Math.max(a, b));
  const room = Math.max((high - low) * fraction, (least - (high - low)) / 2, least * fraction);
  return [low - room, high + room];
}
