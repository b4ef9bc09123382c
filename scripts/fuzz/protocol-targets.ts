import type { Api } from '../../packages/core/src/protocol/api.ts';
import * as apis from '../../packages/core/src/protocol/apis/index.ts';
import { decodeRequestHeader, decodeResponse } from '../../packages/core/src/protocol/frame.ts';
import { codecOf, frames, type Vector, vectors } from '../../packages/core/src/protocol/golden/vectors.ts';
import { Reader } from '../../packages/core/src/protocol/reader.ts';
import type { FuzzTarget, LengthField } from './target.ts';

/** Every message in every version, from its golden vectors, and whole frames with their headers. */
export function protocolTargets(): FuzzTarget[] {
  return [...messageTargets(), ...frameTargets()];
}

/** A target for each message and version; `message` says which, by one of its vectors. */
export function messageTargets(): (FuzzTarget & { readonly message: Vector })[] {
  const byMessage = groupBy(vectors(), ({ name, kind }) => `${name} ${kind}`);
  return [...byMessage].flatMap(([name, ofAllVersions]) => {
    const byVersion = groupBy(ofAllVersions, ({ version }) => version);
    return [...byVersion].map(([version, own]) => {
      const others = ofAllVersions.filter((vector) => vector.version !== version);
      return messageTarget(`${name} version ${version}`, own, others);
    });
  });
}

function messageTarget(name: string, own: readonly Vector[], others: readonly Vector[]): FuzzTarget & { readonly message: Vector } {
  const codec = codecOf(own[0]!);
  return {
    name,
    message: own[0]!,
    seeds: own.map(bytesOf),
    strangers: others.map(bytesOf),
    decode: (bytes) => codec.read(new Reader(bytes, codec.flexible)),
    lengths: remembered((seed) => {
      const surveyor = new Surveyor(seed, codec.flexible);
      codec.read(surveyor);
      return surveyor.lengths;
    }),
  };
}

function frameTargets(): FuzzTarget[] {
  const apiOf = new Map(apis.all.map((api) => [api.key, api]));
  const all = frames().map((frame) => ({ ...frame, api: apiOf.get(frame.key)! }));
  const flexibleVersionOf = (key: number): number => apiOf.get(key)?.flexibleVersion ?? Infinity;
  const requests: FuzzTarget = {
    name: 'request frame',
    seeds: all.map(({ request }) => Buffer.from(request, 'hex').subarray(4)),
    decode: (bytes) => decodeRequest(new Reader(bytes), flexibleVersionOf, apiOf),
  };
  const responses = all.map(({ api, version, response }) => ({
    name: `${api.name} response frame version ${version}`,
    seeds: [Buffer.from(response, 'hex').subarray(8)],
    decode: (bytes: Buffer) => decodeResponse(api, version, new Reader(bytes)),
  }));
  return [requests, ...responses];
}

/** As a broker does it: the header says which codec reads the rest. */
function decodeRequest(r: Reader, flexibleVersionOf: (key: number) => number, apiOf: ReadonlyMap<number, Api>): unknown {
  const header = decodeRequestHeader(r, flexibleVersionOf);
  const api = apiOf.get(header.apiKey);
  if (!api || header.apiVersion < api.minVersion || header.apiVersion > api.maxVersion) return header;
  return api.readRequest(r, header.apiVersion);
}

/** A reader that remembers where the lengths and counts were. */
class Surveyor extends Reader {
  readonly lengths: LengthField[] = [];

  override nullableString(): string | null {
    this.#mark('int16');
    return super.nullableString();
  }

  override nullableBytes(): Buffer | null {
    this.#mark('int32');
    return super.nullableBytes();
  }

  override nullableArrayLength(elementBytes: number): number {
    this.#mark('int32');
    return super.nullableArrayLength(elementBytes);
  }

  override tags(read?: (tag: number) => boolean): void {
    if (this.flexible) this.#mark('varint');
    super.tags(read);
  }

  #mark(inflexible: LengthField['kind']): void {
    this.lengths.push({ at: this.position, kind: this.flexible ? 'varint' : inflexible });
  }
}

function remembered(survey: (seed: Buffer) => readonly LengthField[]): (seed: Buffer) => readonly LengthField[] {
  const known = new Map<Buffer, readonly LengthField[]>();
  return (seed) => {
    const lengths = known.get(seed) ?? survey(seed);
    known.set(seed, lengths);
    return lengths;
  };
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function bytesOf(vector: Vector): Buffer {
  return Buffer.from(vector.bytes, 'hex');
}
