import { serve } from '../mock-bundle.ts';
import { command } from '../frame/command.ts';
import { wholeNumber } from '../frame/parse.ts';

interface Flags {
  readonly nodes?: number;
  readonly port?: number;
  readonly topic?: readonly string[];
  readonly kafkaVersion?: string;
  readonly realism?: boolean;
}

/** `tskafka mock`: a cluster in memory for clients on this machine, until it is interrupted. What it holds is gone then. */
export const mock = command<Flags>({
  options: [
    { flags: '--nodes <number>', text: 'how many brokers', parse: wholeNumber, defaultText: '3' },
    {
      flags: '--port <number>',
      text: 'the port of the first broker; the next ones follow',
      parse: wholeNumber,
      defaultText: 'any that are free',
    },
    { flags: '--topic <name[:number]>', text: 'a topic that is there from the start, with so many partitions', repeat: true },
    { flags: '--kafka-version <release>', text: 'offer the API versions of this release, such as 2.8', defaultText: '4.3' },
    { flags: '--realism', text: 'take some time over new topics, coordinators and answers, as a real cluster does' },
  ],
  examples: ['tskafka mock --port 9092', 'tskafka mock --nodes 1 --topic orders:3'],
  notes: 'Listens on 127.0.0.1 only. The addresses of the brokers are printed once clients can connect.',
  endsItself: true,
  async run({ show, talk, signal }, { nodes, topic, ...options }) {
    await using served = await serve({
      ...options,
      ...(nodes !== undefined && { brokers: nodes }),
      ...(topic !== undefined && { topics: topic }),
    });
    const { brokers } = served;
    await show({ brokers }, () => `${brokers.join(',')}\n`);
    talk('Ctrl-C ends it');
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  },
});
