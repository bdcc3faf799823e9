/** Fainter and brighter than anything: what lies beyond stands for none, like ZTF's -999. */
const NO_MAGNITUDE = 90;

/** Whether ZTF gave a magnitude here, neither NaN nor the -999 of older packets. */
export function isMagnitude(mag: number): boolean {
  return Math.abs(mag) < NO_MAGNITUDE;
}
