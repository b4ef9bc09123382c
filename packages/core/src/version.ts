import packageJson from '../package.json' with { type: 'json' };

/** The version of this package, which brokers are told (KIP-511). */
export const version: string = packageJson.version;
