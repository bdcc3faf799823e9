import { csvText } from '../../common/formats/csv-text.ts';
import type { Queries } from '../../common/store/database.ts';
import { exportWatchmapHits } from '../../common/store/lists/watchmap-results.ts';

const HEADER = 'survey,objectId,ra,decl,detections,classification,lastMag,lastBand,lastMjdUtc\r\n';

/** All objects in a watchmap as CSV, in bounded memory. What is not known is an empty cell. */
export async function* watchmapHitsCsv(
  db: Queries,
  watchmapId: number,
): AsyncGenerator<string, void, void> {
  yield HEADER;
  for await (const objects of exportWatchmapHits(db, watchmapId)) {
    yield objects
      .map((object) => {
        const { survey, id, ra, dec, detections, classification, latestMag, latestBand } = object;
        const cells = [
          ...[survey, csvText(id), ra, dec, detections, classification],
          ...[latestMag?.toFixed(3), latestBand, object.lastMjdUtc],
        ];
        return `${cells.map((cell) => cell ?? '').join(',')}\r\n`;
      })
      .join('');
  }
}
