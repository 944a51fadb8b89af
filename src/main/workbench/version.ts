import manifest from '../../../package.json' with { type: 'json' };

/** The version of Wirebench. */
export const version: string = manifest.version;
