import { errorCodes } from '@tskafka/core/protocol';
import type { ConfigSynonym } from './configs.ts';
import { configSource } from './configs.ts';
import type { ConfigType } from './config-definition.ts';

/** One configuration of a resource, as DescribeConfigs tells it. */
export interface DescribedConfig {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
  readonly synonyms: readonly ConfigSynonym[];
  readonly configType: number;
}

export interface Described {
  readonly errorCode: number;
  readonly errorMessage: string;
  readonly configs: readonly DescribedConfig[];
}

/** Kafka's numbers of the types; 0 for what it does not know. */
const typeNumbers: Readonly<Record<ConfigType, number>> = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
};

export const typeNumber = (type: ConfigType | undefined): number => (type === undefined ? 0 : typeNumbers[type]);

export function found(configs: readonly DescribedConfig[]): Described {
  return { errorCode: errorCodes.NONE, errorMessage: '', configs };
}

export function notFound(error: keyof typeof errorCodes, errorMessage = ''): Described {
  return { errorCode: errorCodes[error], errorMessage, configs: [] };
}

/** A configuration that comes from the first of the places that give it a value. */
export function describedConfig(name: string, type: ConfigType, value: string | null, synonyms: readonly ConfigSynonym[]): DescribedConfig {
  return {
    name,
    value,
    readOnly: false,
    configSource: synonyms[0]?.source ?? configSource.default,
    isSensitive: false,
    synonyms,
    configType: typeNumber(type),
  };
}
