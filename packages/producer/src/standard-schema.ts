/** The types of Standard Schema 1, which zod, valibot, arktype and others implement: https://standardschema.dev. */
export interface StandardSchema<Input, Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

type StandardResult<Output> = { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly StandardIssue[] };

interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Some schemas are functions too. */
export function isSchema<Input>(value: unknown): value is StandardSchema<Input> {
  return (typeof value === 'object' || typeof value === 'function') && value !== null && '~standard' in value;
}

/** What the schema makes of the data. Throws, or rejects with, TypeError where the data is not valid. */
export function validate<Input, Output>(schema: StandardSchema<Input, Output>, data: unknown): Output | Promise<Output> {
  const result = schema['~standard'].validate(data);
  return result instanceof Promise ? result.then(valueOf) : valueOf(result);
}

function valueOf<Output>(result: StandardResult<Output>): Output {
  if (result.issues === undefined) return result.value;
  throw new TypeError(result.issues.map(told).join('; '));
}

function told({ message, path = [] }: StandardIssue): string {
  const keys = path.map((part) => String(typeof part === 'object' ? part.key : part));
  return keys.length === 0 ? message : `${keys.join('.')}: ${message}`;
}
