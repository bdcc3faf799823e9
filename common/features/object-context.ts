/**
 * What is known of an object besides its light curve; NULL where it is not known. Numbers are as the
 * tables keep them, `storedFloat`, so that it makes no difference when they were read.
 */
export interface ObjectContext {
  /** Class from the sky around it: VS, CV, BS, AGN, NT, SN, ORPHAN, UNCLEAR. */
  classification: string | null;
  /** Distance of the associated galaxy as a catalogue gives it, not by its redshift: Mpc. */
  distanceMpc: number | null;
  /** Spectroscopic redshift of the associated galaxy. */
  z: number | null;
  /** Photometric redshift of the associated galaxy. */
  photoZ: number | null;
  /** Name and type (`SN Ia`) in the Transient Name Server. */
  tnsName: string | null;
  tnsType: string | null;
  /** Colour excess E(B-V) of the Milky Way there, mag (Schlegel, Finkbeiner & Davis 1998). */
  ebv: number | null;
  /**
   * The survey's own record in the object's newest packet, where this batch has it: ZTF's
   * `candidate`, Rubin's `diaObject`.
   */
  newestRecord: Readonly<Record<string, unknown>> | null;
}

/** An object of which nothing more is known. */
export const NO_CONTEXT: ObjectContext = {
  classification: null,
  distanceMpc: null,
  z: null,
  photoZ: null,
  tnsName: null,
  tnsType: null,
  ebv: null,
  newestRecord: null,
};

/** Classes of objects in a galaxy: its distance and redshifts are theirs. */
export const CLASSES_IN_GALAXIES: ReadonlySet<string> = new Set(['SN', 'NT', 'AGN']);

/** A number in single precision, as most columns keep it. */
export function storedFloat(value: number | null): number | null {
  return value === null ? null : Math.fround(value);
}
