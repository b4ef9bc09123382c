/** A range of versions, both ends included. An empty one has `max < min`. */
export interface Versions {
  readonly min: number;
  readonly max: number;
}

const noVersions: Versions = { min: 0, max: -1 };

/** Reads the definitions' notation: `3+`, `0-12`, `4`, `none`. */
export function parseVersions(text: string | undefined): Versions {
  if (text === undefined || text === 'none') return noVersions;
  const match = /^(\d+)(?:(\+)|-(\d+))?$/.exec(text);
  if (!match) throw new Error(`'${text}' is not a range of versions`);
  const min = Number(match[1]);
  return { min, max: match[2] ? Infinity : Number(match[3] ?? min) };
}

export function intersect(a: Versions, b: Versions): Versions {
  const both = { min: Math.max(a.min, b.min), max: Math.min(a.max, b.max) };
  return both.max < both.min ? noVersions : both;
}

export function isEmpty(versions: Versions): boolean {
  return versions.max < versions.min;
}

/** Whether `outer` has every version of `inner`. */
export function covers(outer: Versions, inner: Versions): boolean {
  return isEmpty(inner) || (outer.min <= inner.min && outer.max >= inner.max);
}

/** The expression that is true within `versions`, where only the versions of `parent` are possible; `true` or `false` when all or none are. */
export function condition(versions: Versions, parent: Versions): string {
  if (isEmpty(intersect(versions, parent))) return 'false';
  const parts: string[] = [];
  if (versions.min > parent.min) parts.push(`v >= ${versions.min}`);
  if (versions.max < parent.max) parts.push(`v <= ${versions.max}`);
  return parts.join(' && ') || 'true';
}

/** The opposite of `condition`. */
export function outside(versions: Versions, parent: Versions): string {
  const parts: string[] = [];
  if (versions.min > parent.min) parts.push(`v < ${versions.min}`);
  if (versions.max < parent.max) parts.push(`v > ${versions.max}`);
  return parts.join(' || ') || 'false';
}

/** `3+`, or `3-12` where newer versions dropped it, within the versions of the message. */
export function describe(versions: Versions, message: Versions): string {
  if (versions.max >= message.max) return `${versions.min}+`;
  return versions.min === versions.max ? `${versions.min}` : `${versions.min}-${versions.max}`;
}
