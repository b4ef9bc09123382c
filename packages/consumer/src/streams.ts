import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';

/**
 * A Node stream of what is iterated over: `consumer`, or `consumer.batches()`. An object is asked for when somebody reads it, so a slow reader
 * holds up the consumer, no memory fills, and what nobody has read is still the consumer's to give. Destroying the stream ends the loop and
 * not the consumer.
 */
export function nodeStream<T>(source: AsyncIterable<T>): Readable {
  return Readable.from(source, { objectMode: true, highWaterMark: 0 });
}

/** A Web stream of what is iterated over, as nodeStream. Cancelling it ends the loop and not the consumer. */
export function webStream<T>(source: AsyncIterable<T>): ReadableStream<T> {
  const iterator = source[Symbol.asyncIterator]();
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
