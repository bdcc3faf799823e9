/** Raise it when a feature is defined anew or added: every stored object is then worked out again. */
export const FEATURES_VERSION = '1';
