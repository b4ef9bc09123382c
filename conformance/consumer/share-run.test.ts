import type { KafkaClient } from '@tskafka/consumer';
import { describe, expect, it } from 'vitest';
import { until } from '../until.ts';
import { useClient, values } from './fixture.ts';
import { delivered, settledLater, shareConsumer, shared, takeMessages } from './share-fixture.ts';

/** Handlers that work on the messages of a share group. */

let client: KafkaClient;
useClient((connected) => (client = connected));

describe('run of a share consumer', () => {
  it('handles several messages at once, and accepts each when its handler is done', async () => {
    const scene = await shared(values(0, 12));
    let busy = 0;
    let most = 0;
    const handled: string[] = [];
    {
      await using consumer = await shareConsumer(client, scene);
      const running = consumer.run(
        async ({ value }) => {
          most = Math.max(most, ++busy);
          await new Promise((resolve) => setImmediate(resolve));
          busy--;
          handled.push(String(value));
        },
        { concurrency: 4 },
      );
      await until('all are handled', () => Promise.resolve(handled.length === 12));
      await consumer.close();
      await running;
      expect(handled.sort((a, b) => Number(a) - Number(b))).toEqual(values(0, 12));
      expect(most).toBe(4);
      expect(consumer.stats()).toMatchObject({ acknowledged: 12, failedAcknowledgements: 0 });
    }
    await using next = await shareConsumer(client, scene, { consumerTimeoutMs: 300 });
    expect(await next.consume()).toBeUndefined();
  });

  it('ends after consumerTimeoutMs without a message', async () => {
    const scene = await shared([]);
    await using consumer = await shareConsumer(client, scene, { consumerTimeoutMs: 50 });
    await consumer.run(({ offset }) => expect.unreachable(`there is nothing to handle, and not ${offset}`));
  });

  it('releases what threw, so that it is tried again, and rejects what is to be rejected', async () => {
    const scene = await shared(['good', 'flaky', 'bad']);
    const attempts: string[] = [];
    await using consumer = await shareConsumer(client, scene);
    const running = consumer.run(
      ({ value }, { attempt }) => {
        attempts.push(`${String(value)} ${attempt}`);
        if (String(value) === 'bad' || (String(value) === 'flaky' && attempt === 1)) throw new Error(String(value));
      },
      { onFailure: (error) => ((error as Error).message === 'bad' ? 'reject' : 'release'), backoff: { initialMs: 5 } },
    );
    await until('all have had their attempts', () => Promise.resolve(attempts.length === 4));
    await consumer.close();
    await running;
    expect(attempts.sort()).toEqual(['bad 1', 'flaky 1', 'flaky 2', 'good 1']);
    expect(consumer.stats()).toMatchObject({ acknowledged: 4, failedAcknowledgements: 0 });
  });

  it('sends to a topic of dead letters what failed so often', async () => {
    const scene = await shared(['bad']);
    const letters: { topic: string; value: unknown }[] = [];
    const sink = { send: (letter: { topic: string; value: unknown }) => Promise.resolve(letters.push(letter)) };
    await using consumer = await shareConsumer(client, scene);
    const failing = (): never => {
      throw new Error('bad');
    };
    const running = consumer.run(failing, { backoff: { initialMs: 5 }, deadLetter: { sink, topic: 'dead', afterDeliveries: 2 } });
    await until('it is a dead letter', () => Promise.resolve(letters.length > 0));
    await consumer.close();
    await running;
    expect(letters).toMatchObject([{ topic: 'dead', value: Buffer.from('bad') }]);
  });

  it('keeps the lock of a message as long as its handler takes', async () => {
    // It is renewed in time although the broker hesitates for a second or two.
    const scene = await shared(['slow'], { configs: { 'share.record.lock.duration.ms': '5000' } });
    await using consumer = await shareConsumer(client, scene);
    await using other = await shareConsumer(client, scene, { consumerTimeoutMs: 6500 });
    const handled = settledLater<number>();
    const finish = settledLater<void>();
    const running = consumer.run(async (message) => {
      handled.settle(message.deliveryCount);
      await finish.promise;
    });
    expect(await handled.promise).toBe(1);
    expect(await other.consume()).toBeUndefined();
    finish.settle();
    await consumer.close();
    await running;
    expect(consumer.stats()).toMatchObject({ acknowledged: 1, failedAcknowledgements: 0 });
  });

  it('waits at close for handlers, and gives back what nobody has handled', async () => {
    const scene = await shared(['a', 'b']);
    const consumer = await shareConsumer(client, scene);
    const begun = settledLater<void>();
    const running = consumer.run(
      async () => {
        begun.settle();
        await new Promise((resolve) => setImmediate(resolve));
      },
      { concurrency: 1 },
    );
    await begun.promise;
    await consumer.close();
    await running;
    await using next = await shareConsumer(client, scene);
    expect(delivered(await takeMessages(next, 1))).toEqual(['b x2']);
  });

  it('aborts a handler that is not done in time, whose message goes back', async () => {
    const scene = await shared(['a']);
    const consumer = await shareConsumer(client, scene, { closeTimeoutMs: 50 });
    const aborted = settledLater<void>();
    const begun = settledLater<void>();
    const running = consumer.run(async (_message, { signal }) => {
      begun.settle();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      aborted.settle();
    });
    await begun.promise;
    await consumer.close();
    await running;
    await aborted.promise;
    await using next = await shareConsumer(client, scene);
    expect(delivered(await takeMessages(next, 1))).toEqual(['a x2']);
  });
});
