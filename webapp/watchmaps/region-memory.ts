import type { Queries } from '../../common/store/database.ts';
import { selectMoc } from '../../common/store/lists/watchmaps.ts';
import { EMPTY_MOC } from '../../common/moc/moc.ts';
import type { Moc } from '../../common/moc/moc.ts';
import { createSkyRaster } from './sky-raster.ts';
import { regionShape } from './watchmap-figure.ts';
import type { RegionShape } from './watchmap-figure.ts';

/** Shapes of so many watchmaps are kept: some tens of kilobytes each. */
const KEPT = 200;

/** How regions are drawn, remembered. */
export interface RegionMemory {
  /** Of a watchmap in its version. */
  ofWatchmap(db: Queries, watchmap: { watchmapId: number; version: number }): Promise<RegionShape>;
  /** Of a region that is not kept. */
  of(moc: Moc): RegionShape;
}

export function createRegionMemory(): RegionMemory {
  const raster = createSkyRaster();
  const shapes = new Map<number, { version: number; shape: RegionShape }>();
  return {
    async ofWatchmap(db, { watchmapId, version }) {
      const known = shapes.get(watchmapId);
      if (known?.version === version) return known.shape;
      const stored = await selectMoc(db, watchmapId);
      const shape = regionShape(raster, stored?.moc ?? EMPTY_MOC);
      shapes.delete(watchmapId);
      shapes.set(watchmapId, { version: stored?.version ?? version, shape });
      for (const oldest of shapes.keys()) {
        if (shapes.size <= KEPT) break;
        shapes.delete(oldest);
      }
      return shape;
    },
    of: (moc) => regionShape(raster, moc),
  };
}
