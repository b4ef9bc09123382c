import type { Json } from './normalise.ts';

/** What one side answered where the other answered something else. */
export interface Difference {
  readonly api: string;
  readonly version: number;
  readonly scenario: string;
  /** Where in the answer, such as `topics[].errorCode`. */
  readonly path: string;
  readonly kafka: Json | undefined;
  readonly mock: Json | undefined;
}

/** The places where two normalised answers are not the same. */
export function differencesBetween(
  kafka: Json | undefined,
  mock: Json | undefined,
  path = '',
): Pick<Difference, 'path' | 'kafka' | 'mock'>[] {
  if (isStruct(kafka) && isStruct(mock)) {
    const fields = new Set([...Object.keys(kafka), ...Object.keys(mock)]);
    return [...fields].flatMap((field) => differencesBetween(kafka[field], mock[field], path === '' ? field : `${path}.${field}`));
  }
  if (isArray(kafka) && isArray(mock)) {
    if (kafka.length !== mock.length) return [{ path: `${path}[]`, kafka, mock }];
    return kafka.flatMap((element, i) => differencesBetween(element, mock[i], `${path}[]`));
  }
  return kafka === mock ? [] : [{ path, kafka, mock }];
}

const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

function isStruct(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
