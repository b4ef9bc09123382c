import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';

/**
 * Turns a consumer, or its `batches()`, into a Node stream in object mode. It reads only on demand, so a slow reader slows the consumer down
 * instead of filling memory, and what nobody has read stays with the consumer. Destroying the stream ends the loop, not the consumer.
 */
export function nodeStream<T>(source: AsyncIterable<T>): Readable {
  return Readable.from(source, { objectMode: true, highWaterMark: 0 });
}

/** Turns a consumer, or its `batches()`, into a Web stream, like nodeStream. Cancelling it ends the loop, not the consumer. */
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
