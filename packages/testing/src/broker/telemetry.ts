import { zeroUuid } from '@tskafka/core/protocol';
import { type ClientTraits, subscriptionFor } from './telemetry-subscription.ts';

/** Metrics that a client pushed (KIP-714), as it sent them. */
export interface PushedMetrics {
  readonly clientInstanceId: string;
  readonly clientId: string | null;
  readonly brokerId: number;
  readonly subscriptionId: number;
  /** Whether the client said that these are its last. */
  readonly terminating: boolean;
  /** 0: none, 1: gzip, 2: snappy, 3: lz4, 4: zstd. */
  readonly compressionType: number;
  /** OTLP metrics, compressed in this way. */
  readonly metrics: Buffer;
}

export interface Subscription {
  readonly id: number;
  readonly pushIntervalMs: number;
  readonly metrics: readonly string[];
}

interface ClientInstance {
  readonly subscription: Subscription;
  /** What all subscriptions were when this one was made. */
  readonly basedOn: string;
  lastGet: number;
  lastPush: number;
  lastError: TelemetryError | undefined;
  terminating: boolean;
}

export type TelemetryError =
  'INVALID_REQUEST' | 'THROTTLING_QUOTA_EXCEEDED' | 'UNKNOWN_SUBSCRIPTION_ID' | 'UNSUPPORTED_COMPRESSION_TYPE' | 'TELEMETRY_TOO_LARGE';

/** An error after which a client may ask for its subscription at once. */
const excused: readonly (TelemetryError | undefined)[] = ['UNKNOWN_SUBSCRIPTION_ID', 'UNSUPPORTED_COMPRESSION_TYPE'];

/** The subscriptions of a cluster's clients to their own metrics, and what they pushed. */
export class Telemetry {
  readonly pushed: PushedMetrics[] = [];
  readonly #instances = new Map<string, ClientInstance>();

  /** What the client shall push, and how often. */
  get(traits: ClientTraits, configs: SubscriptionConfigs, now: number): Subscription | TelemetryError {
    const instance = this.#instance(traits, configs);
    const { subscription, lastGet, lastPush } = instance;
    if (now - Math.max(lastGet, lastPush) >= subscription.pushIntervalMs) instance.lastGet = now;
    else if (!excused.includes(instance.lastError)) return 'THROTTLING_QUOTA_EXCEEDED';
    instance.lastError = undefined;
    return subscription;
  }

  /** Takes what a client pushed, or tells why not. */
  push(
    metrics: PushedMetrics,
    traits: ClientTraits,
    configs: SubscriptionConfigs,
    limits: { readonly now: number; readonly maxBytes: number },
  ) {
    if (metrics.clientInstanceId === zeroUuid || metrics.clientInstanceId === metadataTopicId) return 'INVALID_REQUEST';
    const instance = this.#instance(traits, configs);
    instance.lastError = refusal(metrics, instance, limits);
    instance.terminating = metrics.terminating;
    if (instance.lastError === undefined && metrics.metrics.length > 0) this.pushed.push(metrics);
    return instance.lastError;
  }

  #instance(traits: ClientTraits, configs: SubscriptionConfigs): ClientInstance {
    const basedOn = JSON.stringify(configs.map(([name, values]) => [name, [...values]]));
    const known = this.#instances.get(traits.client_instance_id);
    if (known?.basedOn === basedOn) return known;
    const subscription = subscriptionFor(traits, configs);
    const instance = { subscription, basedOn, lastGet: -Infinity, lastPush: -Infinity, lastError: undefined, terminating: false };
    this.#instances.set(traits.client_instance_id, instance);
    return instance;
  }
}

/** The configured subscriptions, by name. */
export type SubscriptionConfigs = readonly (readonly [name: string, configs: ReadonlyMap<string, string>])[];

const metadataTopicId = 'AAAAAAAAAAAAAAAAAAAAAQ';

function refusal(
  { metrics, subscriptionId, compressionType, terminating }: PushedMetrics,
  instance: ClientInstance,
  { now, maxBytes }: { readonly now: number; readonly maxBytes: number },
): TelemetryError | undefined {
  if (instance.terminating) return 'INVALID_REQUEST';
  // The first push after the subscription was asked for may come early.
  const inTime = instance.lastGet > instance.lastPush || now - instance.lastPush >= instance.subscription.pushIntervalMs;
  if (inTime) instance.lastPush = now;
  else if (!terminating) return 'THROTTLING_QUOTA_EXCEEDED';
  if (subscriptionId !== instance.subscription.id) return 'UNKNOWN_SUBSCRIPTION_ID';
  if (compressionType < 0 || compressionType > 4) return 'UNSUPPORTED_COMPRESSION_TYPE';
  return metrics.length > maxBytes ? 'TELEMETRY_TOO_LARGE' : undefined;
}
