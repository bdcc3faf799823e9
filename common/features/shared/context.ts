import { describeColumns } from '../../schema/describe.ts';
import type { FeatureGroup } from '../feature-group.ts';

/** What is known of the object besides its light curve. */
export const CONTEXT_GROUP: FeatureGroup<unknown> = {
  name: 'context',
  kind: 'newest',
  source: 'Catalogues around it; Transient Name Server; Schlegel, Finkbeiner & Davis 1998 (ebv)',
  columns: describeColumns(`
    sherlock_classification name(16) - meta.code.class Class from the sky around it: VS, CV, BS,
      | AGN, NT, SN, ORPHAN, UNCLEAR; NULL until worked out.
    tns_name name(16) - meta.id.cross Name in the Transient Name Server, without prefix: 2021abc;
      | NULL without one.
    tns_type text(32) - meta.code.class Type in the Transient Name Server, such as SN Ia; NULL without
      | one.
    ebv float mag phot.color.excess Colour excess E(B-V) of the Milky Way there; NULL until the map
      | is loaded.`),
  compute: (_curve, { classification, tnsName, tnsType, ebv }) => [
    classification,
    tnsName,
    tnsType,
    ebv,
  ],
};
