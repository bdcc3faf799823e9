import type { Moc } from '../../common/moc/moc.ts';
import { squareDegrees } from '../../common/moc/moc.ts';
import { applyShapes, MAX_SHAPES } from '../../common/moc/shapes.ts';
import type { Shape } from '../../common/moc/shapes.ts';
import type { Watchmap } from '../../common/store/lists/watchmaps.ts';
import type { WatchmapSettings } from '../../common/watchmaps/watchmap.ts';
import type { RegionMemory } from './region-memory.ts';
import { describeShape } from './shape-form.ts';
import type { DrawForm } from './shape-form.ts';
import { areaText } from './watchmap-page.ts';
import { regionInField, regionOnSky } from './watchmap-figure.ts';

/** What stands on a drawing page. */
export interface Drawing {
  form: DrawForm;
  shapes: readonly Shape[];
  settings: WatchmapSettings;
  /** What the shapes make, where it is worked out already. */
  moc?: Moc;
  problem?: string;
}

/**
 * What the drawing form shows: the shapes so far and what they make.
 *
 * @param begin - The watchmap that is drawn on, with what it covers; undefined for a new one.
 * @throws {InvalidInputError} if one of the shapes is none.
 */
export function drawPage(
  regions: RegionMemory,
  { form, shapes, settings, moc: made, problem }: Drawing,
  begin?: { watchmap: Watchmap; moc: Moc },
) {
  const moc = made ?? applyShapes(shapes, begin?.moc);
  const shape = regions.of(moc);
  const area = areaText(squareDegrees(moc));
  const label = `What the shapes make: ${area} square degrees`;
  return {
    form,
    settings,
    problem,
    watchmap: begin?.watchmap,
    action:
      begin === undefined ? '/watchmaps/create/' : `/watchmaps/${begin.watchmap.watchmapId}/draw/`,
    shapesJson: JSON.stringify(shapes),
    shapes: shapes.map((each, i) => ({
      index: i,
      isTakenAway: each.use === 'subtract',
      description: describeShape(each),
    })),
    mostShapes: MAX_SHAPES,
    area,
    isEmpty: moc.bounds.length === 0,
    sky: regionOnSky(shape, label),
    field: shape.field && regionInField(shape.field, label),
    isInArcmin: form.circle_unit === 'arcmin',
    isInArcsec: form.circle_unit === 'arcsec',
  };
}
