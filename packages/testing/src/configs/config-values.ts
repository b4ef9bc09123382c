import type { ConfigDefinition, ConfigDefinitions, ConfigType, ValidValues } from './config-definition.ts';

/** Why Kafka refuses the value, in its words; undefined when it does not. */
export function valueError(name: string, value: string, { type, valid }: ConfigDefinition): string | undefined {
  const malformed = typeError(value, type);
  if (malformed !== undefined) return invalid(name, value, malformed);
  return valid === undefined ? undefined : validationError(name, value.trim(), type, valid);
}

/** The first value that Kafka refuses. A name that is not known has any value. */
export function firstValueError(configs: Iterable<readonly [string, string]>, definitions: ConfigDefinitions): string | undefined {
  for (const [name, value] of configs) {
    const definition = definitions.get(name);
    const wrong = definition && valueError(name, value, definition);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** The value as Kafka writes it once it has understood it. */
export function normalized(value: string, type: ConfigType): string {
  const trimmed = value.trim();
  if (type === 'boolean') return trimmed.toLowerCase();
  if (type in bits) return String(BigInt(trimmed));
  return type === 'list' ? listOf(trimmed).join(',') : trimmed;
}

/** The entries of a list, each but once. */
export function listOf(value: string): string[] {
  return value.trim() === '' ? [] : [...new Set(value.trim().split(/\s*,\s*/))];
}

const bits: Readonly<Partial<Record<ConfigType, number>>> = { short: 15, int: 31, long: 63 };

function invalid(name: string, value: string, reason: string): string {
  return `Invalid value ${value} for configuration ${name}: ${reason}`;
}

function typeError(value: string, type: ConfigType): string | undefined {
  const width = bits[type];
  const trimmed = value.trim();
  if (type === 'boolean') return /^(true|false)$/i.test(trimmed) ? undefined : 'Expected value to be either true or false';
  const isNumber =
    width !== undefined
      ? /^[+-]?\d+$/.test(trimmed) && BigInt.asIntN(width + 1, BigInt(trimmed)) === BigInt(trimmed)
      : type !== 'double' || (trimmed !== '' && !Number.isNaN(Number(trimmed)));
  return isNumber ? undefined : `Not a number of type ${type.toUpperCase()}`;
}

function validationError(name: string, value: string, type: ConfigType, valid: ValidValues): string | undefined {
  switch (valid.kind) {
    case 'range': {
      const { min, max } = valid;
      if (min !== undefined && Number(value) < Number(min)) return invalid(name, shown(value, type), `Value must be at least ${min}`);
      if (max !== undefined && Number(value) > Number(max)) return invalid(name, shown(value, type), `Value must be no more than ${max}`);
      return undefined;
    }
    case 'string':
      return valid.values.includes(value) ? undefined : invalid(name, value, `String must be one of: ${valid.values.join(', ')}`);
    case 'string in any case':
      if (valid.values.includes(value.toUpperCase())) return undefined;
      return invalid(name, value, `String must be one of (case insensitive): ${valid.values.join(', ')}`);
    case 'list':
      return listError(name, value, valid);
    case 'non-empty':
      return value === '' ? invalid(name, value, 'String must be non-empty') : undefined;
    case 'gzip level': {
      const level = Number(value);
      return level === -1 || (level >= 1 && level <= 9)
        ? undefined
        : invalid(name, shown(value, type), 'Value must be between 1 and 9 or equal to -1');
    }
    case 'throttled replicas':
      if (value === '*' || listOf(value).every((replica) => /^([0-9]+:[0-9]+)?$/.test(replica))) return undefined;
      return invalid(
        name,
        `[${listOf(value).join(', ')}]`,
        `${name} must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...`,
      );
    case 'offset reset':
      if (value === 'earliest' || value === 'latest' || isDuration(value)) return undefined;
      return invalid(
        name,
        value,
        `Invalid value \`${value}\` for configuration ${name}. The value must be either 'earliest', 'latest' or of the format 'by_duration:<PnDTnHnMn.nS>'.`,
      );
    default:
      return valid satisfies never;
  }
}

function listError(name: string, value: string, { values, empty }: Extract<ValidValues, { kind: 'list' }>): string | undefined {
  const entries = listOf(value);
  if (entries.length === 0) {
    const choices = values.length === 0 ? 'any non-empty value' : `[${values.join(', ')}]`;
    return empty ? undefined : `Configuration '${name}' must not be empty. Valid values include: ${choices}`;
  }
  for (const entry of entries) {
    if (entry === '') return `Configuration '${name}' values must not be empty.`;
    if (values.length > 0 && !values.includes(entry)) return invalid(name, entry, `String must be one of: ${values.join(', ')}`);
  }
  return undefined;
}

/** As Java prints the number. */
function shown(value: string, type: ConfigType): string {
  if (type !== 'double') return String(BigInt(value));
  const number = Number(value);
  return Number.isInteger(number) ? number.toFixed(1) : String(number);
}

function isDuration(value: string): boolean {
  return value.startsWith('by_duration:') && durationMs(value) !== undefined;
}

/** The milliseconds of `by_duration:P1DT2H3M4.5S`; undefined where it is no duration, or a negative one. */
export function durationMs(value: string): number | undefined {
  const match = /^by_duration:P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{0,9})?)S)?)?$/i.exec(value);
  if (match === null || match.slice(1).every((part) => part === undefined) || /T$/i.test(value)) return undefined;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number];
  return Math.trunc((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
}
