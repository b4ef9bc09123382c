import { UnsupportedVersionError } from '../errors.ts';
import type { Api } from '../protocol/api.ts';

/** What a broker said that it speaks, and which features its cluster has finalized (KIP-584). */
export class ApiVersions {
  readonly #ranges: ReadonlyMap<number, VersionRange>;
  readonly #features: ReadonlyMap<string, number>;

  constructor(ranges: ReadonlyMap<number, VersionRange>, features: ReadonlyMap<string, number> = new Map()) {
    this.#ranges = ranges;
    this.#features = features;
  }

  /** The finalized level of a feature such as `group.version`; 0 when it is off or unknown. */
  feature(name: string): number {
    return this.#features.get(name) ?? 0;
  }

  /** The highest version that the broker and this client both speak, within the caller's bounds. */
  pick(api: VersionedApi, bounds: VersionBounds = {}): number {
    const broker = this.#ranges.get(api.key);
    if (broker === undefined) {
      const hint = api.name === 'Metadata' ? ': is this the port of a controller?' : '';
      throw new UnsupportedVersionError(`the broker does not offer ${api.name} (api key ${api.key})${hint}`);
    }
    const low = Math.max(api.minVersion, bounds.minVersion ?? 0, broker.min);
    const high = Math.min(api.maxVersion, bounds.maxVersion ?? api.maxVersion, broker.max);
    if (high < low) {
      const wanted = `${Math.max(api.minVersion, bounds.minVersion ?? 0)} to ${Math.min(api.maxVersion, bounds.maxVersion ?? api.maxVersion)}`;
      throw new UnsupportedVersionError(`${api.name}: the broker offers versions ${broker.min} to ${broker.max}, and ${wanted} are needed`);
    }
    return high;
  }

  /** Whether the broker offers this request in a version within the bounds. */
  offers(api: VersionedApi, bounds: VersionBounds = {}): boolean {
    const broker = this.#ranges.get(api.key);
    return (
      broker !== undefined &&
      Math.max(api.minVersion, bounds.minVersion ?? 0, broker.min) <=
        Math.min(api.maxVersion, bounds.maxVersion ?? api.maxVersion, broker.max)
    );
  }
}

/** What says which versions of a request this client speaks. */
export type VersionedApi = Pick<Api, 'key' | 'name' | 'minVersion' | 'maxVersion'>;

export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

/** What a request needs of its version. */
export interface VersionBounds {
  readonly minVersion?: number;
  readonly maxVersion?: number;
}
