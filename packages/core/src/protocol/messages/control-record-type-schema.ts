// GENERATED from Kafka's message definitions by `npm run generate`. Do not edit.

import type { Decoded, Message } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** ControlRecordTypeSchema, versions 0 to 0. */
export const controlRecordTypeSchema: Message<ControlRecordTypeSchema> = {
  name: 'ControlRecordTypeSchema',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Infinity,
  write: writeControlRecordTypeSchema,
  read: readControlRecordTypeSchema,
};

export interface ControlRecordTypeSchema {
  type: number;
}

function writeControlRecordTypeSchema(w: Writer, _v: number, m: ControlRecordTypeSchema): void {
  w.int16(m.type);
}

function readControlRecordTypeSchema(r: Reader, _v: number): Decoded<ControlRecordTypeSchema> {
  return { type: r.int16() };
}
