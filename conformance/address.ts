import type { BrokerAddress } from '@tskafka/core';

/** The parts of `host:port`. */
export function addressOf(text: string): BrokerAddress {
  const [host, port] = text.split(':');
  return { host: host!, port: Number(port) };
}
