import { csvText } from '../../common/formats/csv-text.ts';
import type { Queries } from '../../common/store/database.ts';
import { exportWatchlistHits } from '../../common/store/lists/watchlist-results.ts';
import type { Watchlist } from '../../common/store/lists/watchlists.ts';

const HEADER =
  'source,survey,objectId,ra,decl,separationArcsec,detections,classification,lastMag,lastBand,lastMjdUtc\r\n';

/** All hits of a list as CSV, in bounded memory. What is not known is an empty cell. */
export async function* hitsCsv(
  db: Queries,
  { watchlistId }: Watchlist,
): AsyncGenerator<string, void, void> {
  yield HEADER;
  for await (const hits of exportWatchlistHits(db, watchlistId)) {
    yield hits
      .map(({ source, arcsec, object }) => {
        const { survey, id, ra, dec, detections, classification, latestMag, latestBand } = object;
        const cells = [
          ...[csvText(source), survey, csvText(id), ra, dec, arcsec, detections, classification],
          ...[latestMag?.toFixed(3), latestBand, object.lastMjdUtc],
        ];
        return `${cells.map((cell) => cell ?? '').join(',')}\r\n`;
      })
      .join('');
  }
}
