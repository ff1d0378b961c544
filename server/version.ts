import manifest from '../package.json' with { type: 'json' };

/** Version of this software (Semantic Versioning). */
export const version: string = manifest.version;
