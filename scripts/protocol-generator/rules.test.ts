import { describe, expect, it } from 'vitest';
import { UnsupportedVersionError } from '../../packages/core/src/errors.ts';
import * as apis from '../../packages/core/src/protocol/apis/index.ts';
import { Writer } from '../../packages/core/src/protocol/writer.ts';
import { type Definition, parseDefinition } from './definitions.ts';
import { emitProtocol, resolveApis } from './emit-protocol.ts';

// The rules of the generator, as ARCHITECTURE.md lists them.

const request = `// A licence comment.
{
  "apiKey": 7, "type": "request", "name": "PaintRequest", "listeners": ["broker"],
  // Prose about version 5.
  "validVersions": "3-6", "flexibleVersions": "5+", "latestVersionUnstable": true,
  "fields": [
    { "name": "Colour", "type": "string", "versions": "0+", "about": "Prose about colours." },
    { "name": "Gone", "type": "int8", "versions": "0-2", "about": "Prose." },
    { "name": "Unsettled", "type": "int8", "versions": "6+", "about": "Prose." },
    { "name": "PaintRequestLayers", "type": "[]PaintRequestLayer", "versions": "4+", "about": "Prose.", "fields": [
      { "name": "Depth", "type": "int32", "versions": "0+", "about": "Prose." },
      { "name": "Shade", "type": "int32", "versions": "2-4", "about": "Prose." }
    ]},
    { "name": "Walls", "type": "[]Wall", "versions": "3+", "about": "Prose.", "fields": [
      { "name": "Height", "type": "int32", "versions": "0+", "about": "Prose." }
    ]},
    { "name": "Rooms", "type": "[]PaintRequestRoom", "versions": "3+", "about": "Prose.", "fields": [
      { "name": "Name", "type": "string", "versions": "0+", "about": "Prose." }
    ]}
  ]
}`;

const response = `{
  "apiKey": 7, "type": "response", "name": "PaintResponse", "validVersions": "3-6", "flexibleVersions": "5+",
  "fields": [
    { "name": "Walls", "type": "[]Wall", "versions": "3+", "about": "Prose.", "fields": [
      { "name": "Dry", "type": "bool", "versions": "0+", "about": "Prose." }
    ]},
    { "name": "Rooms", "type": "[]PaintResponseRoom", "versions": "3+", "about": "Prose.", "fields": [
      { "name": "Name", "type": "string", "versions": "0+", "about": "Prose." }
    ]}
  ]
}`;

const data = ['ConsumerProtocolSubscription', 'ConsumerProtocolAssignment', 'ControlRecordTypeSchema', 'EndTxnMarker'].map(
  (name) => `{ "type": "data", "name": "${name}", "validVersions": "0", "flexibleVersions": "none", "fields": [] }`,
);

const parsed = [request, response, ...data].map((text) => parseDefinition('test', text));
const mapOf = (definitions: readonly Definition[]) => new Map(definitions.map((definition) => [definition.name, definition]));
const paint = resolveApis(mapOf(parsed))[0]!;
const code = emitProtocol(mapOf(parsed)).get('apis/paint.ts')!;

describe('generator', () => {
  it("rule 1: clips a field's versions to those of what contains it", () => {
    const layer = paint.request.structs.find((struct) => struct.name === 'Layer')!;
    expect(paint.request.root.fields.map(({ name, versions }) => [name, versions])).toEqual([
      ['colour', { min: 3, max: 5 }],
      ['paintRequestLayers', { min: 4, max: 5 }],
      ['walls', { min: 3, max: 5 }],
      ['rooms', { min: 3, max: 5 }],
    ]);
    expect(layer.fields.map(({ name, versions }) => [name, versions])).toEqual([
      ['depth', { min: 4, max: 5 }],
      ['shade', { min: 4, max: 4 }],
    ]);
    // So a field that is always there is written without a condition.
    expect(code).toContain('\nw.int32(m.depth);');
    expect(code).not.toContain('gone');
  });

  it('rule 2: does not emit a latest version that is not stable yet', () => {
    expect(code).toContain('maxVersion: 5,');
    expect(code).not.toContain('unsettled');
    expect(apis.initProducerId.maxVersion).toBe(5);
  });

  it('rule 3: a field that the version cannot carry throws when it is set, unless it may be ignored', () => {
    const topics = [{ name: 't', partitions: [] }];
    const write = (isolationLevel: number) => () =>
      apis.listOffsets.writeRequest(new Writer(), 1, { replicaId: -1, isolationLevel, topics });
    expect(write(1)).toThrow(UnsupportedVersionError);
    expect(write(1)).toThrow("ListOffsetsRequest version 1 cannot carry 'isolationLevel'");
    expect(write(0)).not.toThrow();
    // currentLeaderEpoch may be ignored.
    const partitions = [{ partitionIndex: 0, currentLeaderEpoch: 5, timestamp: -1 }];
    expect(() => apis.listOffsets.writeRequest(new Writer(), 1, { replicaId: -1, topics: [{ name: 't', partitions }] })).not.toThrow();
  });

  it('rule 4: leaves out a tagged field that is the default', () => {
    const bytes = (clusterId?: string | null) => {
      const w = new Writer(true);
      apis.fetch.writeRequest(w, 18, { clusterId, replicaState: { replicaId: -1 }, maxWaitMs: 1, minBytes: 1, topics: [] });
      return w.toBuffer();
    };
    expect(bytes(null)).toEqual(bytes());
    expect(bytes().at(-1)).toBe(0); // no tagged fields
    expect(bytes('c')).toEqual(Buffer.concat([bytes().subarray(0, -1), Buffer.from([1, 0, 2, 2, 0x63])]));
  });

  it('rule 5: null throws in a version that forbids it', () => {
    expect(() => apis.metadata.writeRequest(new Writer(), 0, { topics: null })).toThrow(
      "MetadataRequest version 0 cannot carry 'topics: null'",
    );
    expect(() => apis.metadata.writeRequest(new Writer(), 1, { topics: null })).not.toThrow();
  });

  it("rule 6: struct names lose the message's name unless the request's and the response's would clash", () => {
    expect(paint.request.structs.map(({ name }) => name)).toEqual(['Layer', 'PaintRequestWall', 'PaintRequestRoom', 'PaintRequest']);
    expect(paint.response.structs.map(({ name }) => name)).toEqual(['PaintResponseWall', 'PaintResponseRoom', 'PaintResponse']);
  });

  it('rule 7: gives the same output for the same definitions, in whatever order they come', () => {
    expect([...emitProtocol(mapOf(parsed.toReversed()))]).toEqual([...emitProtocol(mapOf(parsed))]);
  });

  it("rule 8: copies nothing of the definitions' prose", () => {
    expect(request).toContain('Prose');
    expect(code).not.toMatch(/prose|licence/i);
  });
});
