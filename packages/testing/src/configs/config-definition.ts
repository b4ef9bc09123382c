/** What Kafka knows of one of its configurations. */
export interface ConfigDefinition {
  readonly type: ConfigType;
  /** null where there is none. */
  readonly default: string | null;
  /** Not described unless it was set. */
  readonly internal?: boolean;
  readonly valid?: ValidValues;
  /** Of a broker's: whether it may change while brokers run, and for which of them. */
  readonly update?: 'read-only' | 'per-broker' | 'cluster-wide';
  /** Of a broker's: all names of the same thing, the strongest first, where it has several. */
  readonly synonyms?: readonly string[];
  /** Of a topic's or group's: the name of the broker's configuration that holds where nothing else is set. */
  readonly brokerConfig?: string;
}

export type ConfigType = 'boolean' | 'string' | 'int' | 'short' | 'long' | 'double' | 'list' | 'class' | 'password';

/** Which values of its type a configuration takes. */
export type ValidValues =
  | { readonly kind: 'range'; readonly min?: string; readonly max?: string }
  | { readonly kind: 'string' | 'string in any case'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly values: readonly string[]; readonly empty: boolean }
  | { readonly kind: 'non-empty' | 'gzip level' | 'throttled replicas' | 'offset reset' };

export type ConfigDefinitions = ReadonlyMap<string, ConfigDefinition>;
