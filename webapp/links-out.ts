import type { SurveyObject } from '../common/store/object-rows.ts';

export interface LinkOut {
  name: string;
  url: string;
  /** What the reader finds there. */
  about: string;
}

const RADIUS_ARCSEC = 5;

/** The same place, or the same object, elsewhere: searches within 5 arcsec. */
export function linksOut(object: SurveyObject): LinkOut[] {
  const ra = object.ra.toFixed(6);
  const dec = object.dec.toFixed(6);
  const signed = object.dec < 0 ? dec : `+${dec}`;
  const link = (name: string, about: string, base: string, query: Record<string, string>) => ({
    name,
    about,
    url: `${base}?${new URLSearchParams(query).toString()}`,
  });
  return [
    link('SIMBAD', 'known objects', 'https://simbad.cds.unistra.fr/simbad/sim-coo', {
      Coord: `${ra} ${signed}`,
      Radius: String(RADIUS_ARCSEC),
      'Radius.unit': 'arcsec',
    }),
    link('NED', 'galaxies', 'https://ned.ipac.caltech.edu/conesearch', {
      search_type: 'Near Position Search',
      in_csys: 'Equatorial',
      in_equinox: 'J2000',
      ra,
      dec,
      radius: (RADIUS_ARCSEC / 60).toFixed(4),
    }),
    link('TNS', 'reported transients', 'https://www.wis-tns.org/search', {
      ra,
      decl: dec,
      radius: String(RADIUS_ARCSEC),
      coords_unit: 'arcsec',
    }),
    link('VizieR', 'catalogues', 'https://vizier.cds.unistra.fr/viz-bin/VizieR', {
      '-c': `${ra} ${signed}`,
      '-c.rs': String(RADIUS_ARCSEC),
    }),
    link('Legacy Surveys', 'deep images', 'https://www.legacysurvey.org/viewer', {
      ra,
      dec,
      layer: 'ls-dr10',
      zoom: '16',
    }),
    link('Aladin', 'sky browser', 'https://aladin.cds.unistra.fr/AladinLite/', {
      target: `${ra} ${signed}`,
      fov: '0.03',
    }),
    ...brokers(object),
  ];
}

function brokers({ survey, id }: SurveyObject): LinkOut[] {
  const about = 'the same object';
  return survey === 'ztf'
    ? [
        { name: 'ALeRCE', about, url: `https://alerce.online/object/${id}` },
        { name: 'Fink', about, url: `https://ztf.fink-portal.org/${id}` },
        { name: 'Lasair', about, url: `https://lasair-ztf.lsst.ac.uk/objects/${id}/` },
      ]
    : [
        { name: 'Fink', about, url: `https://lsst.fink-portal.org/${id}` },
        { name: 'Lasair', about, url: `https://lasair.lsst.ac.uk/objects/${id}/` },
      ];
}
