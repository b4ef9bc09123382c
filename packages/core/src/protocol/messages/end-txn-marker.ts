// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Decoded, Message } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** EndTxnMarker, versions 0 to 0. */
export const endTxnMarker: Message<EndTxnMarker> = {
  name: 'EndTxnMarker',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Infinity,
  write: writeEndTxnMarker,
  read: readEndTxnMarker,
};

export interface EndTxnMarker {
  coordinatorEpoch: number;
}

function writeEndTxnMarker(w: Writer, _v: number, m: EndTxnMarker): void {
  w.int32(m.coordinatorEpoch);
}

function readEndTxnMarker(r: Reader, _v: number): Decoded<EndTxnMarker> {
  return { coordinatorEpoch: r.int32() };
}
