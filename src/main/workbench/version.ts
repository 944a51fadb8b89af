import manifest from '../../../package.json' with { type: 'json' };

/** Wirebench's own version. */
export const version: string = manifest.version;
