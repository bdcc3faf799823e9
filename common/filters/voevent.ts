import { matchId } from './filter.ts';
import type { Match } from './filter.ts';
import { matchJson } from './match-json.ts';
import type { MatchSource } from './match-json.ts';

const NAMESPACE = 'http://www.ivoa.net/xml/VOEvent/v2.0';
const SCHEMA = 'http://www.ivoa.net/xml/VOEvent/VOEvent-v2.0.xsd';
const NOT_IN_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const TELESCOPES = { ztf: 'ZTF', lsst: 'Rubin' } as const;
/** Positions of both surveys are good to better than this, degrees. */
const POSITION_ERROR_DEG = 0.5 / 3_600;

export interface EventPlace {
  /** Mean position, degrees, ICRS; undefined where the object has none. */
  position: { ra: number; dec: number } | undefined;
  /** `observation`; `test` for what must not move a telescope. */
  role?: 'observation' | 'test';
}

/**
 * A match as a VOEvent 2.0. Its ivorn ends with the id of the match, so that brokers of events
 * recognise a repeat.
 *
 * @see https://www.ivoa.net/documents/VOEvent/20110711/REC-VOEvent-2.0.pdf
 */
export function voEvent(
  match: Match,
  source: MatchSource,
  { position, role = 'observation' }: EventPlace,
): string {
  const { links } = matchJson(match, source);
  const authority = authorityOf(source.siteUrl);
  const id = matchId(match).replaceAll('/', '_');
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<voe:VOEvent xmlns:voe="${NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${NAMESPACE} ${SCHEMA}" version="2.0" role="${role}" ivorn="ivo://${authority}/filters#${xml(id)}">`,
    '<Who>',
    `<AuthorIVORN>ivo://${authority}/glint</AuthorIVORN>`,
    `<Date>${secondsOf(match.matchedAt)}</Date>`,
    '<Author><title>Glint</title></Author>',
    '</Who>',
    '<What>',
    param('object', match.objectId, 'meta.id;src'),
    param('filter', String(match.queryId), 'meta.id'),
    param('filter_name', source.filterName, 'meta.title'),
    param('match', matchId(match), 'meta.id'),
    ...(match.alertId === null ? [] : [param('alert', match.alertId, 'meta.id')]),
    param('backfill', String(match.kind === 'backfill'), 'meta.code'),
    '<Group name="record">',
    ...Object.entries(match.record).map(([name, value]) => recordParam(name, value)),
    '</Group>',
    `<Reference uri="${xml(links.object)}" meaning="page of the object"/>`,
    '</What>',
    ...whereWhen(match, position),
    '<How>',
    `<Description>Alert of ${TELESCOPES[match.survey]}, passed by a filter of its users.</Description>`,
    `<Reference uri="${xml(links.filter)}" meaning="page of the filter"/>`,
    '</How>',
    '</voe:VOEvent>',
  ];
  return `${lines.join('\n')}\n`;
}

function whereWhen(match: Match, position: EventPlace['position']): string[] {
  if (position === undefined) return [];
  const at = match.observedAt ?? match.matchedAt;
  return [
    `<WhereWhen id="${TELESCOPES[match.survey]}">`,
    '<ObsDataLocation>',
    `<ObservatoryLocation id="${TELESCOPES[match.survey]}"/>`,
    '<ObservationLocation>',
    '<AstroCoordSystem id="UTC-ICRS-TOPO"/>',
    '<AstroCoords coord_system_id="UTC-ICRS-TOPO">',
    `<Time unit="s"><TimeInstant><ISOTime>${at.toISOString().slice(0, -1)}</ISOTime></TimeInstant></Time>`,
    '<Position2D unit="deg">',
    '<Name1>RA</Name1><Name2>Dec</Name2>',
    `<Value2><C1>${position.ra}</C1><C2>${position.dec}</C2></Value2>`,
    `<Error2Radius>${POSITION_ERROR_DEG.toFixed(6)}</Error2Radius>`,
    '</Position2D>',
    '</AstroCoords>',
    '</ObservationLocation>',
    '</ObsDataLocation>',
    '</WhereWhen>',
  ];
}

function recordParam(name: string, value: unknown): string {
  if (value === null || value === undefined) return param(name, '', undefined, 'string');
  if (typeof value === 'number') return param(name, String(value), undefined, 'float');
  return param(name, typeof value === 'string' ? value : JSON.stringify(value));
}

function param(name: string, value: string, ucd?: string, dataType = 'string'): string {
  const meaning = ucd === undefined ? '' : ` ucd="${xml(ucd)}"`;
  return `<Param name="${xml(name)}"${meaning} value="${xml(value)}" dataType="${dataType}"/>`;
}

/** What stands in an IVOA identifier for the site: its host. */
function authorityOf(siteUrl: string): string {
  const host = new URL(siteUrl).hostname.replace(/[^\w.-]/g, '');
  // Authorities have three characters at least.
  return host.length >= 3 ? host : `${host}.glint`;
}

function secondsOf(date: Date): string {
  return date.toISOString().slice(0, 19);
}

function xml(text: string): string {
  const names: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' };
  return text
    .replace(NOT_IN_XML, '\uFFFD')
    .replace(/[&<>"]/g, (sign) => `&${names[sign]};`)
    .replace(/[\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
