import { KafkaClient, type ClientOptions } from '@tskafka/core';
import { broker } from '../broker.ts';

/** The secured listeners of the real cluster, as Java's broker speaks TLS and SASL. */

export const kafka = broker.kafka!;
export const tls = kafka.tls!;
export const { username, password } = kafka.sasl!;

/** A broker that hesitates is none that cannot be reached. */
const patient = { unavailableTimeoutMs: 10_000, connectionSetupTimeoutMs: 10_000 };

/** Connects, and asks every broker something: the one that the client came in by proves nothing about the others. */
export async function reaches(options: ClientOptions): Promise<number> {
  await using client = await KafkaClient.connect({ ...patient, ...options });
  const { name } = await broker.createTopic({ partitions: broker.nodes });
  await client.topic(name).latestOffsets();
  return client.brokers.length;
}

export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly ms: number;
}

/** The error with which connecting to the first of the brokers fails. */
export async function failure(given: ClientOptions): Promise<Failure> {
  const options = { ...given, brokers: String(given.brokers).split(',')[0]! };
  const started = performance.now();
  let client: KafkaClient;
  try {
    client = await KafkaClient.connect({ ...patient, ...options });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { name: error.name, message: error.message, ms: performance.now() - started };
  }
  await client.close();
  throw new Error('it connected');
}

/** A token as an OAuth server would sign it, but unsigned (RFC 7515, "alg": "none"): the brokers of the test take it. */
export function unsignedToken(claims: Readonly<Record<string, unknown>> = {}): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const seconds = Date.now() / 1000;
  return `${part({ alg: 'none' })}.${part({ sub: 'test', iat: seconds, exp: seconds + 600, ...claims })}.`;
}
