import { separationArcsec } from '../../common/astro/coordinates.ts';
import { magFromFluxNJy } from '../../common/astro/photometry.ts';
import { emptySource } from '../../common/catalogues/source.ts';
import type { CatalogueKind, CatalogueSource } from '../../common/catalogues/source.ts';
import type { Survey } from '../../common/config.ts';
import type { SkyPosition } from '../../common/store/catalogue-lookup.ts';
import type { PlacedObject } from '../steps/step.ts';
import { offsetOf } from './neighbour.ts';
import type { Neighbour } from './neighbour.ts';
import { factsOf } from './source-facts.ts';

/** What an alert says of the surroundings of its object. */
export interface PacketEvidence {
  neighbours: Neighbour[];
  /** Whether the survey had looked for galaxies there, so that none found means something. */
  hasSearched: boolean;
}

const NO_EVIDENCE: PacketEvidence = { neighbours: [], hasSearched: false };
/** Bands of ZTF by number. */
const ZTF_BANDS: Record<number, '_g' | '_r' | '_i'> = { 1: '_g', 2: '_r', 3: '_i' };
/** No body of the solar system stays within an arcsecond for longer, days. */
const LONGEST_STAY_DAYS = 0.5;
/** Signal-to-noise from which a template shows something. */
const TEMPLATE_SNR = 5;

type Packet = Readonly<Record<string, unknown>>;

/** The neighbours that the newest alert of an object names by itself. Values may be of any kind. */
export function packetNeighbours(survey: Survey, object: PlacedObject): PacketEvidence {
  if (object.newestAlert === null) return NO_EVIDENCE;
  return survey === 'ztf'
    ? ztfNeighbours(object, object.newestAlert)
    : { neighbours: lsstNeighbours(object.newestAlert), hasSearched: false };
}

function ztfNeighbours(object: SkyPosition, packet: Packet): PacketEvidence {
  const panStarrs = [1, 2, 3].flatMap((place) =>
    neighbour('PS1', 'mixed', number(packet[`distpsnr${place}`]), {
      id: idText(packet[`objectidps${place}`]),
      _g: mag(packet[`sgmag${place}`]),
      _r: mag(packet[`srmag${place}`]),
      _i: mag(packet[`simag${place}`]),
      _z: mag(packet[`szmag${place}`]),
      starScore: fraction(packet[`sgscore${place}`]),
    }),
  );
  const gaia = neighbour('Gaia', 'star', number(packet.neargaia), { G: mag(packet.maggaia) });
  const isOther = packet.neargaiabright !== packet.neargaia;
  const bright = isOther
    ? neighbour('Gaia', 'star', number(packet.neargaiabright), { G: mag(packet.maggaiabright) })
    : [];
  return {
    neighbours: [
      ...panStarrs,
      ...gaia,
      ...bright,
      ...ztfReference(object, packet),
      ...ztfSolarSystem(packet),
    ],
    hasSearched: panStarrs.length > 0 || number(packet.nmtchps) !== null,
  };
}

/** The nearest source on the image that the alert's image was compared with. */
function ztfReference(object: SkyPosition, packet: Packet): Neighbour[] {
  const ra = number(packet.ranr);
  const decl = number(packet.decnr);
  const band = ZTF_BANDS[Number(packet.fid)] ?? '_r';
  const values = { [band]: mag(packet.magnr) };
  if (ra === null || decl === null || ra > 360 || Math.abs(decl) > 90) return [];
  const separation = separationArcsec(object.ra, object.decl, ra, decl);
  return neighbour('reference', 'mixed', separation, { ...values, ra, decl }).map((found) => ({
    ...found,
    offset: offsetOf(object, { ra, decl }),
  }));
}

/** A known body near its place; something seen there before that night is none. */
function ztfSolarSystem({ ssnamenr, ssdistnr, jd, jdstarthist }: Packet): Neighbour[] {
  const name = typeof ssnamenr === 'string' ? ssnamenr.trim() : '';
  if (name === '' || name === 'null') return [];
  const stay = (number(jd) ?? NaN) - (number(jdstarthist) ?? NaN);
  return stay >= LONGEST_STAY_DAYS ? [] : solarSystem(name, number(ssdistnr));
}

function lsstNeighbours(packet: Packet): Neighbour[] {
  const ssObjectId = idText(packet.ssObjectId);
  const body = ssObjectId === '' ? [] : solarSystem(ssObjectId, 0);
  const flux = number(packet.templateFlux);
  const error = number(packet.templateFluxErr);
  if (flux === null || error === null || !(error > 0 && flux / error >= TEMPLATE_SNR)) return body;
  return [...body, ...neighbour('template', 'mixed', 0, { mag: magFromFluxNJy(flux) ?? null })];
}

function solarSystem(name: string, distance: number | null): Neighbour[] {
  return neighbour('solar system', 'mixed', distance, { id: name }).map((found) => ({
    ...found,
    facts: { ...found.facts, type: 'solar-system', isConfirmedStar: false },
  }));
}

/** None if the distance is none: surveys write -999 for nothing found. */
function neighbour(
  catalogue: string,
  kind: CatalogueKind,
  distance: number | null,
  values: Partial<CatalogueSource>,
): Neighbour[] {
  if (distance === null || distance < 0) return [];
  const source = Object.assign(emptySource(), { ra: NaN, decl: NaN }, values);
  return [
    {
      catalogue,
      isFromPacket: true,
      source,
      facts: factsOf(kind, source),
      separationArcsec: distance,
      offset: null,
    },
  ];
}

function number(value: unknown): number | null {
  return typeof value === 'number' && value > -999 && value < Infinity ? value : null;
}

/** Surveys write 0 or -999 where there is none. */
function mag(value: unknown): number | null {
  const known = number(value);
  return known !== null && known > 0 && known < 40 ? known : null;
}

function fraction(value: unknown): number | null {
  const known = number(value);
  return known !== null && known >= 0 && known <= 1 ? known : null;
}

/** A number's name: '' for none. */
function idText(value: unknown): string {
  if (typeof value === 'bigint') return value > 0n ? value.toString() : '';
  if (typeof value === 'number') return value > 0 && value < Infinity ? String(value) : '';
  return typeof value === 'string' && /^[1-9]\d*$/.test(value) ? value : '';
}
