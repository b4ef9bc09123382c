import { type Clock, type MessageToSend, TimeoutError } from '@tskafka/core';
import { Alarm } from './alarm.ts';
import type { BufferRoom } from './buffer-room.ts';
import { deliveryError } from './delivery-state.ts';
import { copyOf, headersOf, heldBytes, type ProducerMessage, type Settler, type TakeMessage } from './message.ts';
import type { Serialize } from './serializer.ts';

interface LineOptions<Value, Key> {
  readonly serialize: Serialize<Value, Key>;
  readonly take: TakeMessage;
  readonly room: BufferRoom;
  readonly clock: Clock;
  readonly maxBlockMs: number;
}

/** A message in line; its bytes are there when its serializer has made them. */
interface Entry {
  readonly settler: Settler | undefined;
  readonly taken: Promise<void>;
  readonly resolve: (taken: Promise<void> | undefined) => void;
  readonly reject: (error: unknown) => void;
  bytes: MessageToSend | undefined;
  /** What it takes of maxBufferedBytes. */
  held: number;
  hasLeft: boolean;
  readonly deadline: number;
}

/** Serializes messages on their way in. Serializers may overtake one another; the messages of one topic do not. */
export class SerializingLine<Value, Key> {
  readonly #options: LineOptions<Value, Key>;
  /** The messages that wait for a serializer, or behind one that does, by topic. */
  readonly #lines = new Map<string, Entry[]>();
  readonly #alarm: Alarm;

  constructor(options: LineOptions<Value, Key>) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock, () => this.#expire(), { endsWaits: true });
  }

  /** As the producer takes messages. A message that is still in line after maxBlockMs is not taken: it rejects with TimeoutError. */
  readonly take = (message: ProducerMessage<Value, Key>, settler: Settler | undefined): Promise<void> | undefined => {
    this.#options.room.refuseWhenFull();
    const serialized = this.#options.serialize(message);
    const { topic } = message;
    if (!(serialized instanceof Promise) && !this.#lines.has(topic)) return this.#options.take(serialized, settler);
    const entry = this.#lineUp(topic, settler, heldBytes(message));
    if (serialized instanceof Promise) {
      serialized.then(
        (bytes) => this.#arrived(topic, entry, bytes),
        (error: unknown) => this.#leave(topic, entry, error),
      );
    } else this.#arrived(topic, entry, copyOf(serialized, headersOf(serialized.headers)));
    return entry.taken;
  };

  /** Rejects what is in line. */
  clear(cause: unknown): void {
    const error = deliveryError('Produce', cause, 'not persisted');
    const lines = [...this.#lines.values()];
    this.#lines.clear();
    this.#alarm.cancel();
    for (const entry of lines.flat()) {
      this.#letGo(entry);
      entry.reject(error);
    }
  }

  /** Resolves when everything that is in line now has left it. */
  async whenPlaced(): Promise<void> {
    await Promise.allSettled([...this.#lines.values()].flatMap((line) => line.map(({ taken }) => taken)));
  }

  #lineUp(topic: string, settler: Settler | undefined, held: number): Entry {
    const { clock, maxBlockMs, room } = this.#options;
    let resolve!: Entry['resolve'];
    let reject!: Entry['reject'];
    const taken = new Promise<void>((...settle) => ([resolve, reject] = settle));
    const deadline = clock.now() + maxBlockMs;
    const entry: Entry = { settler, taken, resolve, reject, bytes: undefined, held, hasLeft: false, deadline };
    room.take(held);
    this.#alarm.set(deadline);
    const line = this.#lines.get(topic);
    if (line === undefined) this.#lines.set(topic, [entry]);
    else line.push(entry);
    return entry;
  }

  #expire(): void {
    const { clock, maxBlockMs } = this.#options;
    const now = clock.now();
    let next = Infinity;
    for (const [topic, line] of this.#lines) {
      const message = `the serializers of '${topic}' were not done within ${maxBlockMs} ms`;
      for (const late of line.filter(({ deadline }) => deadline <= now)) {
        this.#leave(topic, late, new TimeoutError(message, { retriable: true, persistence: 'not persisted' }));
      }
      next = Math.min(next, line[0]?.deadline ?? Infinity);
    }
    this.#alarm.set(next);
  }

  #arrived(topic: string, entry: Entry, bytes: MessageToSend): void {
    if (entry.hasLeft) return;
    entry.bytes = bytes;
    const held = heldBytes(bytes);
    this.#options.room.take(held - entry.held);
    entry.held = held;
    this.#advance(topic);
  }

  /** It is not taken any more; it may have left before. */
  #leave(topic: string, entry: Entry, error: unknown): void {
    const line = this.#lines.get(topic) ?? [];
    const at = line.indexOf(entry);
    if (at === -1) return;
    line.splice(at, 1);
    this.#letGo(entry);
    entry.reject(error);
    this.#advance(topic);
  }

  /** Takes in those at the head of the line that are ready. */
  #advance(topic: string): void {
    const line = this.#lines.get(topic) ?? [];
    for (let head = line[0]; head?.bytes !== undefined; head = line[0]) {
      line.shift();
      this.#letGo(head);
      try {
        head.resolve(this.#options.take(head.bytes, head.settler));
      } catch (error) {
        head.reject(error);
      }
    }
    if (line.length === 0) this.#lines.delete(topic);
    if (this.#lines.size === 0) this.#alarm.cancel();
    this.#options.room.release(0); // whoever waits for room comes behind those who were in line
  }

  #letGo(entry: Entry): void {
    entry.hasLeft = true;
    this.#options.room.take(-entry.held);
  }
}
