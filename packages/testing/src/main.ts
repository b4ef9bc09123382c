#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { serve } from './serve/serve.ts';

const help = `Serves an in-memory Kafka cluster on this machine, and prints the addresses of its brokers. Ctrl-C stops it.

  npx @tskafka/testing [options]

  --nodes <number>           the number of brokers (default 3)
  --port <number>            the port of the first broker; the next ones follow (default: free ports)
  --host <address>           the address to listen on and to advertise; 0.0.0.0 means every address (default: 127.0.0.1)
  --topic <name[:number]>    create a topic, with this many partitions; may be repeated
  --seed <file>              load messages, in the format of tskafka consume --json; may be repeated
  --sasl <login>             require a login: plain:USER:PASSWORD, scram-sha-512:USER:PASSWORD, oauthbearer; may be repeated
  --fault <fault>            inject a fault: 'Produce NOT_LEADER_OR_FOLLOWER 5%', 'Fetch drop 1%'; may be repeated
  --kafka-version <release>  offer the API versions of this release, such as 2.8 (default: 4.3)
  --realism                  be as slow with new topics, coordinators and answers as a real cluster
  --help                     print this

  npx @tskafka/testing --port 9092 --topic orders:3
`;

void main().catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\nhint:  npx @tskafka/testing --help\n`);
  process.exitCode = 2;
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      nodes: { type: 'string' },
      port: { type: 'string' },
      topic: { type: 'string', multiple: true },
      host: { type: 'string' },
      seed: { type: 'string', multiple: true },
      sasl: { type: 'string', multiple: true },
      fault: { type: 'string', multiple: true },
      'kafka-version': { type: 'string' },
      realism: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return void process.stdout.write(help);
  const { cluster, brokers } = await serve({
    ...(values.nodes !== undefined && { brokers: wholeNumber('--nodes', values.nodes, 1000) }),
    ...(values.port !== undefined && { port: wholeNumber('--port', values.port, 65_535) }),
    ...(values.topic !== undefined && { topics: values.topic }),
    ...(values.host !== undefined && { host: values.host }),
    ...(values.seed !== undefined && { seeds: values.seed }),
    ...(values.sasl !== undefined && { sasl: values.sasl }),
    ...(values.fault !== undefined && { faults: values.fault }),
    ...(values['kafka-version'] !== undefined && { kafkaVersion: values['kafka-version'] }),
    ...(values.realism !== undefined && { realism: values.realism }),
  });
  process.stdout.write(`${brokers.join(',')}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void cluster.close());
}

function wholeNumber(option: string, text: string, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= most) return number;
  throw new RangeError(`${option} is a whole number from 1 to ${most}, not '${text}'`);
}
