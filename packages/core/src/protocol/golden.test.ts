import { describe, expect, it } from 'vitest';
import { UnsupportedVersionError } from '../errors.ts';
import * as apis from './apis/index.ts';
import { errorCodes, errorName, isRetriable, isStaleMetadata } from './error-codes.ts';
import { decodeRequestHeader, decodeResponse, encodeRequest, encodeResponse } from './frame.ts';
import { codecOf, errors, frames, messages, plain, refusals, revive, vectors } from './golden/vectors.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

const all = vectors();

describe('golden vectors', () => {
  const messageNames = [...new Set(all.map(({ name, kind }) => `${name} ${kind}`))];
  it.each(messageNames)('%s: reads what Java writes, and writes the same bytes', (message) => {
    for (const vector of all) {
      if (`${vector.name} ${vector.kind}` !== message) continue;
      const what = `version ${vector.version} ${vector.case}`;
      const codec = codecOf(vector);
      const bytes = Buffer.from(vector.bytes, 'hex');
      const r = new Reader(bytes, codec.flexible);
      const value = codec.read(r);
      expect(r.remaining, what).toBe(0);
      expect(plain(value), what).toEqual(vector.value);
      const w = new Writer(codec.flexible);
      codec.write(w, value);
      expect(w.toBuffer().toString('hex'), what).toBe(vector.bytes);
    }
  });

  it('there is one of every message, version and case', () => {
    const has = new Set(all.map((vector) => `${vector.name} ${vector.kind} ${vector.version} ${vector.case}`));
    const missing: string[] = [];
    const wanted = [
      ...apis.all.flatMap((api) => (['request', 'response'] as const).map((kind) => ({ ...api, kind }))),
      ...messages.map((message) => ({ ...message, kind: 'data' as const })),
    ];
    for (const { name, kind, minVersion, maxVersion } of wanted) {
      for (let version = minVersion; version <= maxVersion; version++) {
        for (const filling of ['default', 'filled']) {
          const key = `${name} ${kind} ${version} ${filling}`;
          if (!has.has(key)) missing.push(key);
        }
      }
    }
    expect(missing).toEqual([]);
    // Nobody has vectors that no codec is for: codecOf throws for those.
    expect(all.map(codecOf)).toHaveLength(all.length);
  });
});

describe('fields that a version cannot carry', () => {
  it.each(refusals())('$name $kind $field: is refused, or left out, where Java does so', (refusal) => {
    const value = revive(refusal.value);
    for (const version of refusal.refused) {
      const codec = codecOf({ ...refusal, version });
      const field = refusal.field
        .replace(/: null$/, '')
        .split('.')
        .at(-1);
      const write = () => codec.write(new Writer(codec.flexible), value);
      expect(write, `version ${version}`).toThrow(UnsupportedVersionError);
      expect(write, `version ${version}`).toThrow(new RegExp(`version ${version} cannot carry '(.*\\.)?${field}`));
    }
    for (const version of refusal.dropped) {
      const codec = codecOf({ ...refusal, version });
      expect(() => codec.write(new Writer(codec.flexible), value), `version ${version}`).not.toThrow();
    }
  });
});

describe('golden frames', () => {
  const apiOf = (key: number) => apis.all.find((api) => api.key === key)!;

  it.each(frames())('$name version $version: header and body are as Java frames them', (frame) => {
    const api = apiOf(frame.key);
    const request = Buffer.from(frame.request, 'hex');
    const r = new Reader(request, false, 4);
    const header = decodeRequestHeader(r, (key) => apiOf(key).flexibleVersion);
    expect(header).toEqual({ apiKey: api.key, apiVersion: frame.version, correlationId: frame.correlationId, clientId: frame.clientId });
    const body = api.readRequest(r, frame.version);
    expect(Buffer.concat(encodeRequest(api, frame.version, frame.correlationId, frame.clientId, body))).toEqual(request);

    const response = Buffer.from(frame.response, 'hex');
    const answer = decodeResponse(api, frame.version, new Reader(response, false, 8));
    expect(Buffer.concat(encodeResponse(api, frame.version, frame.correlationId, answer))).toEqual(response);
  });
});

describe('error codes', () => {
  it('are those of Java, each as retriable as there', () => {
    const java = errors();
    expect(
      java.map(({ code }) => ({ code, name: errorName(code), retriable: isRetriable(code), staleMetadata: isStaleMetadata(code) })),
    ).toEqual(java);
    expect(Object.keys(errorCodes)).toHaveLength(java.length);
  });
});
