import type { KafkaClient } from '@tskafka/core';
import type { Login } from './client-options.ts';
import type { Asker } from './not-authorized.ts';

/** What is known of the cluster in which something failed. */
export interface AboutCluster {
  readonly brokers: readonly string[];
  /** What looks at the way to it: `tskafka doctor -C prod`. */
  readonly doctor: string;
  readonly login: Login | undefined;
  readonly usesTls: boolean;
  /** We have shown a certificate, so the broker knows us by what stands in it. */
  readonly hasCertificate: boolean;
  /** The last connection that failed. */
  readonly lastFailure: Error | undefined;
  /** Undefined where it was not reached. */
  readonly client: KafkaClient | undefined;
}

/** What is known beside the error itself. */
export interface Circumstances extends AboutCluster {
  /** What the command does with topics and groups, and whether it was to change the cluster. */
  readonly command: Pick<Asker, 'needs' | 'needsOfGroup' | 'changes'>;
}

/** What holds before a command has connected to any. */
export const noCluster: AboutCluster = {
  brokers: ['localhost:9092'],
  doctor: 'tskafka doctor',
  login: undefined,
  usesTls: false,
  hasCertificate: false,
  lastFailure: undefined,
  client: undefined,
};
