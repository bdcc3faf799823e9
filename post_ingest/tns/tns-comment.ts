import { mjdUtcFromDate } from '../../common/astro/time.ts';
import type { RobotComment } from '../../common/store/comments.ts';
import type { TnsSummary } from '../../common/store/tns-matches.ts';

const OBJECT_PAGE = 'https://www.wis-tns.org/object/';

/** What comments on a name are kept under: an object has one of each. */
export function tnsTopic(name: string): string {
  return `tns:${name}`;
}

/**
 * What the broker says on an object's page about a name that it has: plain text, with the address of
 * the name's own page.
 */
export function tnsComment(objectId: string, entry: TnsSummary, arcsec: number): RobotComment {
  const { name, prefix, type, z, discoveredAt, reportingGroup, sourceGroup } = entry;
  const parts = [
    `In TNS as ${prefix === null ? '' : `${prefix} `}${name} (${OBJECT_PAGE}${encodeURIComponent(name)}), ${arcsec.toFixed(2)} arcsec from here`,
  ];
  if (type !== null) parts.push(`type ${type}`);
  if (z !== null) parts.push(`redshift ${z}`);
  const by = discoverers(reportingGroup, sourceGroup);
  if (discoveredAt !== null) {
    const date = discoveredAt.toISOString().slice(0, 19).replace('T', ' ');
    const mjd = mjdUtcFromDate(discoveredAt).toFixed(5);
    parts.push(`discovered ${date} UTC (MJD ${mjd})${by}`);
  } else if (by !== '') parts.push(`discovered${by}`);
  return { objectId, topic: tnsTopic(name), content: `${parts.join('; ')}.` };
}

function discoverers(reportingGroup: string | null, sourceGroup: string | null): string {
  if (reportingGroup === null) return sourceGroup === null ? '' : ` by ${sourceGroup}`;
  if (sourceGroup === null || sourceGroup === reportingGroup) return ` by ${reportingGroup}`;
  return ` by ${reportingGroup} in data of ${sourceGroup}`;
}
