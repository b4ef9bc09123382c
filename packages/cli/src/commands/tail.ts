import { lastMessages } from '@tskafka/consumer';
import { command } from '../frame/command.ts';
import { wholeNumber } from '../frame/parse.ts';
import { printMessage } from '../messages/print-message.ts';

/** `tskafka tail`: the newest messages of a topic, over all its partitions. */
export const tail = command<{ lines: number; keys?: boolean }, [topic: string]>({
  arguments: [['<topic>', 'the topic']],
  options: [
    { flags: '-n, --lines <number>', text: 'how many', parse: wholeNumber, default: 10 },
    { flags: '-k, --keys', text: 'with the key before each value' },
  ],
  examples: ['tskafka tail -n 50 orders'],
  async run(context, { lines, keys }, name) {
    const client = await context.connect();
    for (const message of await lastMessages(client.topic(name), lines, { signal: context.signal }))
      await printMessage(context, message, keys);
  },
});
