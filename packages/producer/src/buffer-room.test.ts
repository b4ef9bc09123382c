import { VirtualClock } from '@tskafka/testing';
import { describe, expect, it } from 'vitest';
import { BufferRoom } from './buffer-room.ts';

function room({ blockOnQueueFull = true } = {}) {
  const clock = new VirtualClock();
  const log: string[] = [];
  const buffer = new BufferRoom({ maxBufferedBytes: 100, maxBlockMs: 1000, blockOnQueueFull, clock });
  const wait = (name: string, bytes = 100): void =>
    buffer.wait(
      () => {
        buffer.take(bytes);
        log.push(name);
      },
      (error) => log.push(`${name}: ${error.name}`),
    );
  return { buffer, clock, log, wait };
}

describe('room in the buffer', () => {
  it('is there until maxBufferedBytes are taken', () => {
    const { buffer } = room();
    buffer.take(99);
    expect(buffer.isFull).toBe(false);
    buffer.take(1);
    expect(buffer.isFull).toBe(true);
    buffer.release(1);
    expect(buffer.isFull).toBe(false);
  });

  it('is given in the order of the line, and nobody overtakes', () => {
    const { buffer, log, wait } = room();
    buffer.take(100);
    wait('a', 40);
    wait('b', 70);
    wait('c', 10);
    buffer.release(50);
    expect(log).toEqual(['a', 'b']); // 90 were taken when b came in
    expect(buffer.isFull).toBe(true);
    buffer.release(60);
    expect(log).toEqual(['a', 'b']);
    buffer.release(1);
    expect(log).toEqual(['a', 'b', 'c']);
  });

  it('that does not come within maxBlockMs is given up, each at its own time', async () => {
    const { buffer, clock, log, wait } = room();
    buffer.take(100);
    wait('a');
    await clock.advance(600);
    wait('b');
    await clock.advance(400);
    expect(log).toEqual(['a: TimeoutError']);
    buffer.release(100);
    expect(log).toEqual(['a: TimeoutError', 'b']);
    await clock.advance(1000);
    expect(log).toHaveLength(2);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is refused at once where nobody is to wait', () => {
    const { buffer, wait } = room({ blockOnQueueFull: false });
    buffer.take(100);
    expect(() => wait('a')).toThrow(/holds 100 bytes, and maxBufferedBytes is 100/);
  });

  it('tells when everybody who is in line now has left it', async () => {
    const { buffer, log, wait } = room();
    buffer.take(100);
    wait('a');
    const passed = buffer.whenPassed().then(() => log.push('passed'));
    wait('b');
    buffer.release(100);
    buffer.release(100);
    await passed;
    expect(log).toEqual(['a', 'b', 'passed']);
  });

  it('is not waited for any more when the line is cleared', async () => {
    const { buffer, clock, log, wait } = room();
    buffer.take(100);
    wait('a');
    wait('b');
    buffer.clear(new Error('over'));
    buffer.release(100);
    await clock.advance(2000);
    expect(log).toEqual(['a: KafkaError', 'b: KafkaError']);
  });
});
