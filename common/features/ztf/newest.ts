import { describeColumns } from '../../schema/describe.ts';
import type { FeatureGroup } from '../feature-group.ts';
import type { ZtfCurve } from '../ztf-curve.ts';

type PacketRecord = Readonly<Record<string, unknown>>;

/** What ZTF writes for none. */
const NONE = -999;

/** The nearest Pan-STARRS source, and what of the solar system is near. */
export const NEWEST_GROUP: FeatureGroup<ZtfCurve> = {
  name: 'newest alert',
  kind: 'newest',
  source: "The candidate of the object's newest alert",
  columns: describeColumns(`
    sgscore1 float - src.class.starGalaxy Star-galaxy score, 0 galaxy to 1 star, of the nearest
      | Pan-STARRS source; of the last alert that carries one.
      || Lasair gives NULL for 0.
    distpsnr1 float arcsec pos.angDistance Distance to the nearest Pan-STARRS source; of the last
      | alert that carries one.
    sgmag1 float mag phot.mag;em.opt.B g magnitude of the nearest Pan-STARRS source; of the last
      | alert that carries one.
    srmag1 float mag phot.mag;em.opt.R r magnitude of the nearest Pan-STARRS source; of the last
      | alert that carries one.
    ssnamenr text(255) - meta.id.assoc Known solar-system object near the newest detection; NULL
      | without one.
      || Lasair leaves objects whose alert has one out of its objects.`),
  compute(_curve, { newestRecord }) {
    if (newestRecord === null) return [null, null, null, null, null];
    const { sgscore1, distpsnr1, sgmag1, srmag1, ssnamenr } = newestRecord;
    return [
      ...[sgscore1, distpsnr1, sgmag1, srmag1].map(numberOf),
      // ZTF writes the word `null` where no known object is near.
      typeof ssnamenr === 'string' && ssnamenr !== 'null' && ssnamenr !== '' ? ssnamenr : null,
    ];
  },
};

/** Of the last alert that carries one. */
const CARRIED = ['sgscore1', 'distpsnr1', 'sgmag1', 'srmag1'] as const;

/** What an alert says of what is near, its gaps filled from what the alerts before it said. */
export function carryNewest(record: PacketRecord, before: PacketRecord | undefined): PacketRecord {
  const carried: Record<string, unknown> = { ssnamenr: record.ssnamenr };
  for (const name of CARRIED)
    carried[name] = numberOf(record[name]) === null ? before?.[name] : record[name];
  return carried;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && value !== NONE ? value : null;
}
