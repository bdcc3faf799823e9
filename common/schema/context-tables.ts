import { CATALOGUE_BANDS } from '../catalogues/source.ts';
import { describeColumns } from './describe.ts';
import type { Column, DatabaseName, Table } from './types.ts';

const CLASS = `
  classification name(16) - meta.code.class What the sky around the object makes it: VS variable
    | star, CV cataclysmic variable, BS light of a bright star, AGN active nucleus, NT in the nucleus
    | of a galaxy, SN elsewhere in a galaxy, ORPHAN near nothing known, UNCLEAR near something of
    | unknown kind, or a known body of the solar system.
    || NULL where no catalogue that lists galaxies is loaded and the alert itself tells nothing: Lasair
    || says ORPHAN there.
  association_type name(16) - meta.code.class What the best associated source makes the object; NULL
    | without one.
  annotation text(4000) - meta.note The same as description, under the name of 2019.`;

const SOURCE = `
  catalogue_table_name text(255) - meta.id.assoc Catalogues that list the associated source, the
    | most trusted first, between slashes; PS1, Gaia, reference and solar system stand for what the
    | alert itself says.
  catalogue_object_id text(255) - meta.id.assoc Name of the associated source in the first of them.
  catalogue_object_type name(16) - src.class What it is: star, variable, galaxy, agn, cv, uncertain,
    | solar-system.
  raDeg double deg pos.eq.ra Right ascension of the associated source, ICRS; NULL if only its
    | distance is known, from the alert.
  decDeg double deg pos.eq.dec Declination of the associated source, ICRS.
  separationArcsec float arcsec pos.angDistance Distance between object and source; with several
    | catalogues the smallest.
  northSeparationArcsec float arcsec pos.angDistance;pos.eq.dec How far the object is north of the
    | source.
    || Of the same catalogue's position as separationArcsec; Lasair mixes catalogues.
  eastSeparationArcsec float arcsec pos.angDistance;pos.eq.ra How far the object is east of the
    | source, on the sky.
  physical_separation_kpc float kpc phys.size Distance between object and source across the line of
    | sight, at the distance of the source.`;

const DISTANCE = `
  direct_distance float Mpc pos.distance Distance of the source as a catalogue gives it.
  distance float Mpc pos.distance Luminosity distance of the redshift z, or of photoZ without it
    | (H0 70, matter 0.3, dark energy 0.7).`;

const BEST_DISTANCE = `
  best_distance float Mpc pos.distance The best distance there is.
  best_distance_flag name(8) - meta.code.qual How it is known: direct, spec from z, phot from photoZ.
  best_distance_source text(255) - meta.note Catalogue that it comes from.`;

const REDSHIFT = `
  z float - src.redshift Spectroscopic redshift of the source, or the best its catalogue has.
  photoZ float - src.redshift.phot Photometric redshift of the source.
  photoZErr float - stat.error;src.redshift.phot Uncertainty of photoZ.`;

const MAGNITUDE = `
  Mag float mag phot.mag Magnitude of the source.
  MagFilter name(8) - instr.bandpass Band of Mag.
  MagErr float mag stat.error;phot.mag Uncertainty of Mag.`;

const QUALITY = `
  classificationReliability tinyint - meta.code.qual 1 the object is the source, 2 it belongs to it, 3
    | a hint.
  major_axis_arcsec float arcsec phys.angSize.smajAxis Semi-major axis of a galaxy's isophote.`;

const TEXTS = `
  annotator text(255) - meta.id;meta.software Who says so: version of the rules, and whether catalogues
    | or only the alert itself were asked.
  additional_output text(255) - meta.note Where all associations are to be had, on this site.
  description text(4000) - meta.note A sentence about it, in HTML.
  summary text(255) - meta.note The same in a few words.
    || Lasair's is a number or a few words.`;

const OWN = `
  objRa double deg pos.eq.ra;meta.main Right ascension of the object when it was classified.
  objDecl double deg pos.eq.dec;meta.main Declination of the object when it was classified.
  catalogues text(2000) - meta.note Catalogues that were searched, with the number of their load.
  rules name(16) - meta.version Version of the rules.`;

const MATCH_2019 = `
  rank! smallint - meta.code Order: 1 is the source that gives the class.
  association_type name(16) - meta.code.class What this source makes the object.`;

const MODULI_2019 = `
  distance_modulus float mag phot.mag.distMod Distance modulus of distance.
  scale float kpc/arcsec phys.size Size that an arcsecond spans at distance.
  direct_distance_modulus float mag phot.mag.distMod Distance modulus of direct_distance.
  direct_distance_scale float kpc/arcsec phys.size Size that an arcsecond spans at direct_distance.`;

const SEARCH_2019 = `
  catalogue_view_name text(255) - meta.note Catalogues that list the source.
  search_name name(64) - meta.id Rule that the source was associated by.
  rankScore float - stat.fit.goodness What the sources are ordered by: 1000 times the reliability, and
    | less than that for the rest.
  association_rank smallint - meta.code The same as rank.
  dateCreated timestamp - time.creation When it was found, UTC.`;

/**
 * What is around each object on the sky: Lasair's tables of Sherlock's results.
 *
 * @param key - The column that names the object, in the columns' notation.
 */
export function contextTables(database: DatabaseName, key: string): Table[] {
  const keyColumns = describeColumns(key);
  const keyName = keyColumns[0].name;
  return [
    {
      database,
      name: 'sherlock_classifications',
      description:
        'What each object is by what lies around it on the sky, by rules after those of Sherlock, and the source that says so.',
      isPublic: true,
      primaryKey: [keyName],
      indexes: [],
      columns: [
        ...keyColumns,
        ...describeColumns(
          [CLASS, SOURCE, DISTANCE, BEST_DISTANCE, REDSHIFT, MAGNITUDE, QUALITY, TEXTS, OWN].join(
            '\n',
          ),
        ),
      ],
    },
    {
      database,
      name: 'sherlock_crossmatches',
      description:
        'Sources of reference catalogues that each object may belong to, the best first. One source found in several catalogues is one row.',
      isPublic: true,
      primaryKey: [keyName, 'rank'],
      indexes: [],
      columns: [
        ...keyColumns,
        ...describeColumns(
          [
            MATCH_2019,
            SOURCE,
            DISTANCE,
            MODULI_2019,
            REDSHIFT,
            MAGNITUDE,
            QUALITY,
            SEARCH_2019,
          ].join('\n'),
        ),
        ...bandColumns(),
      ],
    },
  ];
}

/** Where the bands lie in the vocabulary of UCDs. */
const BAND_UCDS: Record<string, string> = {
  _u: 'em.opt.U',
  _g: 'em.opt.B',
  _r: 'em.opt.R',
  _i: 'em.opt.I',
  _z: 'em.opt.I',
  _y: 'em.opt.I',
  G: 'em.opt',
  J: 'em.IR.J',
  H: 'em.IR.H',
  K: 'em.IR.K',
};

function bandColumns(): Column[] {
  return CATALOGUE_BANDS.flatMap((band) => {
    const ucd = BAND_UCDS[band] ?? `em.opt.${band}`;
    const label = band.replace('_', '');
    return describeColumns(`
      ${band} float mag phot.mag;${ucd} Magnitude of the source in ${label}.
      ${band}Err float mag stat.error;phot.mag;${ucd} Uncertainty of ${band}.`);
  });
}
