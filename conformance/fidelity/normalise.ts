import { checkCrc, decompressSync, readBatches, readRecords } from '@tskafka/core/protocol';

/** What an answer is once nothing in it depends on the cluster, the run or the moment. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [field: string]: Json };

/** Fields whose values a broker makes up: what matters is whether two of them are the same. Behind each, what stands there for none. */
const ids: Readonly<Record<string, readonly unknown[]>> = {
  topicId: ['AAAAAAAAAAAAAAAAAAAAAA', 'AAAAAAAAAAAAAAAAAAAAAQ'],
  memberId: ['', null],
  producerId: [-1],
  sessionId: [0],
  clusterId: [null],
  tokenId: [],
  directoryId: ['AAAAAAAAAAAAAAAAAAAAAA'],
};

/** Arrays of texts whose order says nothing. */
const sets = new Set(['mechanisms', 'subscribedTopicNames']);

/** Arrays of structs whose order says something. */
const ordered = new Set(['synonyms']);

/** Where a broker lives. */
const places = new Set(['host', 'port', 'clientHost']);

/** A time of this run, whatever the clocks say. */
const isNow = (value: number): boolean => Math.abs(value - Date.now()) < 4 * 3_600_000;

const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Normalises the answers of one conversation: the same id has the same label in all of them. */
export class Normaliser {
  readonly #labels = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  normalise(answer: unknown, mask: readonly string[] = []): Json {
    const masked = new Set(mask);
    return this.#value('', answer, masked);
  }

  #value(field: string, value: unknown, masked: ReadonlySet<string>): Json {
    if (masked.has(field)) return '<masked>';
    if (value instanceof Uint8Array) return field === 'records' ? this.#batches(value, masked) : Buffer.from(value).toString('latin1');
    if (Array.isArray(value)) return this.#array(field, value, masked);
    if (typeof value === 'object' && value !== null) return this.#object(value as Record<string, unknown>, masked);
    if (ids[field]?.includes(value) === false) return this.#label(field, value);
    if (places.has(field) && value !== '' && value !== -1) return `<${field}>`;
    if (typeof value === 'number') return isNow(value) ? '<now>' : value === Infinity ? 'Infinity' : value;
    if (typeof value === 'string') return this.#text(value);
    return value as boolean | null;
  }

  #object(value: Record<string, unknown>, masked: ReadonlySet<string>): Json {
    return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, this.#value(field, inner, masked)]));
  }

  /** The order of structs says nothing: Kafka's comes from hash maps. They are sorted before ids get their labels, which depend on the order. */
  #array(field: string, value: readonly unknown[], masked: ReadonlySet<string>): Json {
    if (field === 'partitions' && value.every((element) => typeof element === 'number')) return value.toSorted((a, b) => a - b);
    if (sets.has(field)) return (value as readonly string[]).toSorted();
    const isOfStructs = value.every((element) => typeof element === 'object' && element !== null && !(element instanceof Uint8Array));
    if (!isOfStructs || ordered.has(field)) return value.map((element) => this.#value(field, element, masked));
    const sorted = value
      .map((element) => ({ element, key: this.#keyOf(element) }))
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    return sorted.map(({ element }) => this.#value(field, element, masked));
  }

  /** What a struct is sorted by: all of it but what differs between runs, and the order of what is inside. An id counts once it has a label. */
  #keyOf(element: unknown): string {
    return JSON.stringify(element, (field, value: unknown) => {
      if (field in ids) return this.#labels.get(labelKey(field, value)) ?? '';
      if (places.has(field) || field === 'records') return '';
      if (Array.isArray(value) && !ordered.has(field) && value.every((inner) => typeof inner === 'object')) {
        return value.map((inner) => this.#keyOf(inner)).sort();
      }
      return typeof value === 'number' && isNow(value) ? '' : value;
    });
  }

  #label(field: string, value: unknown): string {
    const key = labelKey(field, value);
    let label = this.#labels.get(key);
    if (label === undefined) {
      const count = (this.#counts.get(field) ?? 0) + 1;
      this.#counts.set(field, count);
      const shape = typeof value === 'string' && value.search(uuid) >= 0 ? `: ${value.replace(uuid, 'uuid')}` : '';
      this.#labels.set(key, (label = `<${field} ${count}${shape}>`));
    }
    return label;
  }

  /** Ids stand in error messages too, and under other names. */
  #text(value: string): string {
    let text = value;
    // A short one, as a scenario makes up, would be found inside of words.
    for (const [id, label] of this.#labels) if (id === text || id.length >= 8) text = text.replaceAll(id, label);
    return text
      .replace(/(127\.0\.0\.1|localhost|mock-\d+):\d+/g, '<address>')
      .replace(uuid, '<uuid>')
      .replace(/^Request Request\(.*\) needs/, 'Request needs') // what Java prints of its object
      .replace(/-?\d{13,}/g, (digits) => (isNow(Number(digits)) ? '<now>' : '<long>'));
  }

  /** Record batches as what they hold: the checksum and the compressed bytes may differ, and must be right. */
  #batches(bytes: Uint8Array, masked: ReadonlySet<string>): Json {
    return readBatches(Buffer.from(bytes)).map((batch) => {
      checkCrc(batch);
      const { baseOffset, lastOffset, partitionLeaderEpoch, compression, timestampType, isTransactional, isControl } = batch;
      const { producerId, producerEpoch, baseSequence } = batch;
      const records = readRecords(batch, decompressSync(batch)).map(({ offset, timestamp, key, value, headers }) => ({
        ...{ offset, timestamp, key, value },
        headers: headers.map(([name, header]) => `${String(name)}=${header === null ? 'null' : header.toString('latin1')}`),
      }));
      const header = { baseOffset, lastOffset, partitionLeaderEpoch, compression, timestampType, isTransactional, isControl };
      return this.#value('', { ...header, producerId, producerEpoch, baseSequence, inBatch: records }, masked);
    });
  }
}

/** Two kinds of numbers may be equal by chance; a string is the same id under any name. */
function labelKey(field: string, value: unknown): string {
  return typeof value === 'string' ? value : `${field} ${String(value)}`;
}
