import manifest from '../../package.json' with { type: 'json' };

/** Of Alva: all its packages have the same. */
export const { version } = manifest;
