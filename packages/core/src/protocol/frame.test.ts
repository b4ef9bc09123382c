import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../errors.ts';
import { apiVersions, metadata, produce } from './apis/index.ts';
import { decodeRequestHeader, decodeResponse, encodeRequest, encodeResponse } from './frame.ts';
import { Reader } from './reader.ts';

describe('frame', () => {
  it('opens with the length of the rest, also when the client id is long and the body comes in pieces', () => {
    const topicData = [{ name: 't', partitionData: [{ index: 0, records: Buffer.alloc(100_000) }] }];
    const chunks = encodeRequest(produce, 9, 1, 'c'.repeat(1000), { acks: -1, timeoutMs: 1, topicData });
    expect(chunks.length).toBeGreaterThan(1);
    const frame = Buffer.concat(chunks);
    expect(frame.readInt32BE(0)).toBe(frame.length - 4);
  });

  it('answers ApiVersions with the old header at every version (KIP-511)', () => {
    const frame = Buffer.concat(encodeResponse(apiVersions, 4, 7, { errorCode: 0, apiKeys: [] }));
    // Length, correlation id, and at once the error code.
    expect(frame.toString('hex')).toBe('0000000c 00000007 0000 01 00000000 00'.replaceAll(' ', ''));
  });

  it('refuses bytes that follow the response', () => {
    const frame = Buffer.concat([...encodeResponse(metadata, 12, 7, { brokers: [], topics: [] }), Buffer.from([0])]);
    expect(() => decodeResponse(metadata, 12, new Reader(frame, false, 8))).toThrow('Metadata version 12: 1 bytes follow the response');
  });

  it('H12: keeps names that mean something to objects as data, and of any length that fits', () => {
    const names = ['__proto__', 'constructor', 'shift', 'toString', '.', '..', '', 'x'.repeat(249), 'x'.repeat(32_767), '\u001b[31m'];
    const topics = names.map((name) => ({ errorCode: 0, name, partitions: [] }));
    const [...chunks] = encodeResponse(metadata, 12, 7, { brokers: [], topics });
    const decoded = decodeResponse(metadata, 12, new Reader(Buffer.concat(chunks), false, 8));
    expect(decoded.topics.map(({ name }) => name)).toEqual(names);
    expect(Object.getPrototypeOf(decoded.topics[0])).toBe(Object.prototype);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('H12: null where the version has none is a ProtocolError', () => {
    // Metadata version 1, no brokers, and the topics are null.
    const body = Buffer.from('00000000 00000001 ffffffff'.replaceAll(' ', ''), 'hex');
    expect(() => decodeResponse(metadata, 1, new Reader(body))).toThrow(ProtocolError);
  });

  it('reads a request header that is cut short as a ProtocolError', () => {
    const frame = Buffer.concat(encodeRequest(metadata, 12, 7, 'me', { topics: null })).subarray(4);
    const headerLength = 2 + 2 + 4 + 2 + 2 + 1;
    for (let length = 0; length < headerLength; length++) {
      expect(() => decodeRequestHeader(new Reader(frame.subarray(0, length)), () => 9)).toThrow(ProtocolError);
    }
    expect(decodeRequestHeader(new Reader(frame), () => 9)).toEqual({ apiKey: 3, apiVersion: 12, correlationId: 7, clientId: 'me' });
  });
});
