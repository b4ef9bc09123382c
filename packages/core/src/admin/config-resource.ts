import { shown } from '../check-options.ts';
import { checkText, checkWord } from './items.ts';

/** Kafka's numbers of the kinds of things that have configurations. */
const types = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const;
/** The kind of a resource with configurations. Java: ConfigResource.Type. */
export type ConfigResourceType = keyof typeof types;

/** A resource with configurations. Java: ConfigResource. */
export interface ConfigResource {
  readonly type: ConfigResourceType;
  /** The name of a topic, group or metrics subscription; the id of a broker, or '' for the defaults of all brokers. */
  readonly name: string;
}

export const resourceTypes = Object.keys(types) as ConfigResourceType[];

export function typeCode(type: ConfigResourceType): number {
  return types[type];
}

export function typeOf(code: number): ConfigResourceType | undefined {
  return resourceTypes.find((type) => types[type] === code);
}

export function checkResource({ type, name }: ConfigResource): void {
  checkWord("a resource's type", type, resourceTypes);
  checkText("a resource's name", name);
  const mayBeEmpty = type === 'broker';
  if (name === '' && !mayBeEmpty) throw new TypeError(`a ${type} needs a name`);
  if ((type === 'broker' || type === 'brokerLogger') && name !== '' && !/^\d{1,10}$/.test(name)) {
    throw new TypeError(`the name of a ${type} must be the broker's id, not ${shown(name)}`);
  }
}

/** The broker that alone knows or sets these, or undefined when any does. */
export function brokerOf({ type, name }: ConfigResource): number | undefined {
  return (type === 'broker' || type === 'brokerLogger') && name !== '' ? Number(name) : undefined;
}

export function resourceName({ type, name }: ConfigResource): string {
  return type === 'broker' && name === '' ? 'the defaults of all brokers' : `${type} '${name}'`;
}
