import { beforeEach, describe, expect, it } from 'vitest';
import { ProtocolError, SocketDisconnectedError, TimeoutError } from '../errors.ts';
import type { Api } from '../protocol/api.ts';
import { heartbeat } from '../protocol/apis/heartbeat.ts';
import { listGroups } from '../protocol/apis/list-groups.ts';
import { HandClock, type ScriptedPeer, scriptedTransport, turn } from '../scripted-transport.ts';
import type { Transport, TransportStream } from '../transport.ts';
import { Connection, type ConnectionOptions, type RequestOptions } from './connection.ts';

const request = { groupId: 'g', generationId: 1, memberId: 'm' };
const ok = { errorCode: 0, throttleTimeMs: 0 };
const heartbeatApi = heartbeat as Api<never, typeof ok>;

describe('Connection', () => {
  let clock: HandClock;
  let peer: ScriptedPeer;
  let connection: Connection;
  let closedWith: Error | undefined;

  const options = (): ConnectionOptions => ({
    address: { host: 'kafka', port: 9092 },
    name: 'broker 1 at kafka:9092',
    clientId: 'test',
    transport: { connect: () => Promise.reject(new Error('no transport')) },
    clock,
    requestTimeoutMs: 1000,
    maxInFlight: 3,
    maxFrameBytes: 1 << 20,
  });

  async function open(more: Partial<ConnectionOptions> = {}): Promise<void> {
    clock = new HandClock();
    closedWith = undefined;
    const { transport, peers } = scriptedTransport();
    connection = await Connection.open({ ...options(), transport, ...more }, new AbortController().signal);
    peer = peers[0]!;
    connection.ending.addEventListener('abort', () => (closedWith = connection.ending.reason as Error));
  }

  const send = (options?: RequestOptions) => connection.sendVersion(heartbeat, 1, request, options);
  const ids = () => peer.requests.map(({ correlationId }) => correlationId);

  beforeEach(() => open());

  it('pipelines requests up to its bound, and sends the next when one is answered', async () => {
    const all = [send(), send(), send(), send()];
    expect(ids()).toEqual([0, 1, 2]);
    peer.answer(heartbeatApi, ok);
    expect(ids()).toEqual([1, 2, 3]);
    for (let i = 0; i < 3; i++) peer.answer(heartbeatApi, ok);
    await expect(Promise.all(all)).resolves.toHaveLength(4);
  });

  it('C16: goes on with 0 after the largest correlation id', async () => {
    await open({ firstCorrelationId: 0x7fffffff });
    const both = [send(), send()];
    expect(ids()).toEqual([0x7fffffff, 0]);
    peer.answer(heartbeatApi, ok);
    peer.answer(heartbeatApi, ok);
    await expect(Promise.all(both)).resolves.toHaveLength(2);
  });

  it('C14: an answer that was not awaited ends the connection and fails what is in flight', async () => {
    const first = send();
    const second = send();
    peer.requests.shift();
    peer.answer(heartbeatApi, ok);
    await expect(first).rejects.toThrow('answered with correlation id 1, and 0 was expected');
    await expect(second).rejects.toBeInstanceOf(ProtocolError);
    expect(peer.dropped).toBe(true);
  });

  it('C14: an answer to nobody ends the connection', () => {
    const answer = Buffer.alloc(8);
    answer.writeInt32BE(4, 0);
    peer.send(answer);
    expect(closedWith).toBeInstanceOf(ProtocolError);
  });

  it('C5: a reset fails what is in flight, naming the broker and the requests, as retriable', async () => {
    const lost = send();
    peer.close(new Error('ECONNRESET'));
    await expect(lost).rejects.toThrow('broker 1 at kafka:9092 is disconnected (ECONNRESET); in flight: Heartbeat');
    await expect(lost).rejects.toMatchObject({ name: 'SocketDisconnectedError', retriable: true });
    await expect(send()).rejects.toBeInstanceOf(SocketDisconnectedError);
  });

  it('C15: a request without an answer in time closes the connection, so no late answer can be taken for another', async () => {
    const late = send();
    const waited = expect(late).rejects.toBeInstanceOf(TimeoutError);
    await clock.advance(999);
    expect(peer.dropped).toBe(false);
    await clock.advance(1);
    await waited;
    expect(peer.dropped).toBe(true);
    expect(() => peer.answer(heartbeatApi, ok)).not.toThrow();
  });

  it('C15: a request that the broker holds has that time too', async () => {
    const held = send({ heldMs: 5000 });
    await clock.advance(5999);
    peer.answer(heartbeatApi, ok);
    await expect(held).resolves.toMatchObject({ errorCode: 0 });
  });

  it('T5: an answer that is already here counts, though the event loop came late', async () => {
    const request = send();
    clock.jump(1000); // the timer fires first, and the socket is read in the same turn
    peer.answer(heartbeatApi, ok);
    await expect(request).resolves.toMatchObject({ errorCode: 0 });
    await turn();
    expect(peer.dropped).toBe(false);
  });

  it('T2: after a suspension the answers that came meanwhile count, and what is not there yet has its time', async () => {
    const all = [send(), send(), send(), send()];
    clock.jump(3_600_000);
    peer.answer(heartbeatApi, ok);
    peer.answer(heartbeatApi, ok);
    await turn();
    await clock.advance(999);
    expect(peer.dropped).toBe(false);
    peer.answer(heartbeatApi, ok);
    peer.answer(heartbeatApi, ok);
    await expect(Promise.all(all)).resolves.toHaveLength(4);
  });

  it('R9: many requests to a slow broker that works wait their turn: none is taken for lost', async () => {
    const all = Promise.all(Array.from({ length: 20 }, () => send()));
    for (let i = 0; i < 20; i++) {
      await clock.advance(900); // of the 1000 that a broker may take
      expect(peer.dropped).toBe(false);
      peer.answer(heartbeatApi, ok);
    }
    await expect(all).resolves.toHaveLength(20);
    expect(clock.now()).toBe(18_000);
  });

  it('R9: a request behind one that the broker holds has its own time after that', async () => {
    const held = send({ heldMs: 60_000 });
    const behind = send();
    await clock.advance(60_500);
    peer.answer(heartbeatApi, ok);
    await held;
    await clock.advance(999);
    expect(peer.dropped).toBe(false);
    const late = expect(behind).rejects.toThrow('did not answer Heartbeat within 1000 ms');
    await clock.advance(1);
    await late;
  });

  it('R9: a request that is made during a throttle has its time after it', async () => {
    const first = send();
    peer.answer(heartbeatApi, { errorCode: 0, throttleTimeMs: 60_000 });
    await first;
    const second = send();
    await clock.advance(60_900);
    expect(peer.dropped).toBe(false);
    peer.answer(heartbeatApi, ok);
    await expect(second).resolves.toMatchObject({ errorCode: 0 });
  });

  it('C17: throttles that follow each other keep one timer, and none after the end', async () => {
    const before = clock.pending;
    for (let i = 0; i < 10; i++) {
      const request = send({ urgent: true });
      peer.answer(heartbeatApi, { errorCode: 0, throttleTimeMs: 1000 + i });
      await request;
    }
    expect(clock.pending - before).toBeLessThanOrEqual(2); // that of the throttle, and that of the timeout
    connection.close();
    expect(clock.pending).toBe(0);
  });

  it('C17: a throttled connection sends nothing for the time that the broker asked for', async () => {
    const first = send();
    peer.answer(heartbeatApi, { errorCode: 0, throttleTimeMs: 500 });
    await first;
    const second = send();
    await clock.advance(499);
    expect(ids()).toEqual([]);
    await clock.advance(1);
    expect(ids()).toEqual([1]);
    peer.answer(heartbeatApi, ok);
    await expect(second).resolves.toMatchObject({ errorCode: 0 });
  });

  it('R9: the time of a throttle does not count as waiting', async () => {
    const first = send();
    const second = send();
    peer.answer(heartbeatApi, { errorCode: 0, throttleTimeMs: 60_000 });
    await first;
    await clock.advance(60_900);
    expect(peer.dropped).toBe(false);
    peer.answer(heartbeatApi, ok);
    await expect(second).resolves.toMatchObject({ errorCode: 0 });
  });

  it('R3: waits for drain when the stream takes no more', async () => {
    peer.takesMore = false;
    const all = [send(), send()];
    expect(ids()).toEqual([0]);
    peer.takesMore = true;
    peer.drain();
    expect(ids()).toEqual([0, 1]);
    peer.answer(heartbeatApi, ok);
    peer.answer(heartbeatApi, ok);
    await Promise.all(all);
  });

  it('C10: a write that stalls and heals in time: everything goes out once, in order', async () => {
    peer.takesMore = false;
    const all = Promise.all([send(), send(), send()]);
    await clock.advance(900);
    expect(ids()).toEqual([0]);
    peer.drain(); // one more fits
    await clock.advance(900);
    expect(ids()).toEqual([0, 1]);
    peer.takesMore = true;
    peer.drain();
    expect(ids()).toEqual([0, 1, 2]);
    for (let i = 0; i < 3; i++) peer.answer(heartbeatApi, ok);
    await expect(all).resolves.toHaveLength(3);
  });

  it('C10: a write that stalls for too long fails all that wait, and nothing goes out when it heals after that', async () => {
    peer.takesMore = false;
    const all = Promise.allSettled([send(), send(), send()]);
    await clock.advance(1000);
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    peer.takesMore = true;
    peer.drain();
    expect(ids()).toEqual([0]);
  });

  it('P12: a stream that takes nothing more is given up too when no answer is awaited (acks=0)', async () => {
    peer.takesMore = false;
    await expect(send({ noResponse: true })).resolves.toBeUndefined();
    const stuck = expect(send({ noResponse: true })).rejects.toThrow('broker 1 at kafka:9092 took no bytes within 1000 ms');
    await clock.advance(1000);
    await stuck;
    expect(peer.dropped).toBe(true);
  });

  it('C7: a peer that takes nothing and answers nothing is given up after the request timeout', async () => {
    peer.takesMore = false;
    const all = Promise.allSettled([send(), send()]);
    await clock.advance(1000);
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(peer.dropped).toBe(true);
  });

  it('S6: an aborted request rejects at once, and the answers of the others stay right', async () => {
    const giveUp = new AbortController();
    const aborted = send({ signal: giveUp.signal });
    const other = connection.sendVersion(listGroups, 0, {});
    giveUp.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    peer.answer(heartbeatApi, ok);
    peer.answer(listGroups as never, { errorCode: 0, groups: [{ groupId: 'g', protocolType: '' }] } as never);
    await expect(other).resolves.toMatchObject({ groups: [{ groupId: 'g' }] });
  });

  it('S6: an aborted request that waits for its turn is never sent', async () => {
    const all = [send(), send(), send()];
    const giveUp = new AbortController();
    const queued = send({ signal: giveUp.signal });
    giveUp.abort(new Error('enough'));
    await expect(queued).rejects.toThrow('enough');
    for (let i = 0; i < 3; i++) peer.answer(heartbeatApi, ok);
    await Promise.all(all);
    expect(ids()).toEqual([]);
  });

  it('H5: an answer that ends too early fails what is in flight and ends the connection', async () => {
    const request = send();
    const frame = Buffer.alloc(9);
    frame.writeInt32BE(5, 0);
    peer.send(frame);
    await expect(request).rejects.toThrow('the answer to Heartbeat version 1 cannot be read');
    expect(peer.dropped).toBe(true);
  });

  it('H4: says what the port belongs to when it is not a broker', async () => {
    const request = send();
    peer.send(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect(request).rejects.toThrow(/does not speak Kafka: .*HTTP/);
  });

  it('H3: random bytes end the connection with an error of ours, whatever they are', async () => {
    let state = 1;
    const random = () => (state = (state * 48_271) % 0x7fffffff) & 0xff;
    for (let i = 0; i < 200; i++) {
      await open();
      const request = expect(send()).rejects.toBeInstanceOf(ProtocolError);
      connection.acceptLongFrames();
      for (let sent = 0; sent < 16 && !peer.dropped; sent++) peer.send(Buffer.from(Array.from({ length: 4096 }, random)));
      expect(peer.dropped).toBe(true);
      await request;
    }
  });

  it('H1: before the login a long answer is refused, after it it is taken', () => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(1 << 20);
    connection.acceptLongFrames();
    peer.send(length);
    expect(closedWith).toBeUndefined();
  });

  it('R8: whatever a transport fails with, the connection can be tried again', async () => {
    const refused = open({ transport: { connect: () => Promise.reject(new Error('EMFILE')) } });
    await expect(refused).rejects.toThrow('broker 1 at kafka:9092 cannot be reached: EMFILE');
    await expect(refused).rejects.toMatchObject({ name: 'SocketDisconnectedError', retriable: true });
  });

  it('C3: a transport that heeds no signal is given up all the same, and a stream that comes too late is dropped', async () => {
    const giveUp = new AbortController();
    let late!: (stream: TransportStream) => void;
    const transport: Transport = { connect: () => new Promise((resolve) => (late = resolve)) };
    const opening = Connection.open({ ...options(), transport }, giveUp.signal);
    giveUp.abort(new TimeoutError('too late', { retriable: true }));
    await expect(opening).rejects.toThrow('too late');
    let dropped = false;
    late({ write: () => true, destroy: () => void (dropped = true) });
    await turn();
    expect(dropped).toBe(true);
  });

  it.each([
    ['EMFILE', () => Promise.reject(Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' }))],
    [
      'ENOBUFS',
      () => {
        throw Object.assign(new Error('ENOBUFS: no buffer space'), { code: 'ENOBUFS' });
      },
    ],
  ])('R8: %s of a transport is an error of ours that is retriable and names the broker', async (code, connect) => {
    const error = await Connection.open({ ...options(), transport: { connect } }, new AbortController().signal).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(SocketDisconnectedError);
    expect(error).toMatchObject({ retriable: true, message: expect.stringContaining(code) as string });
    expect((error as Error).message).toContain('broker 1 at kafka:9092');
  });

  it('H4: a peer that speaks before it is asked, and is no broker, is dropped', async () => {
    let dropped = false;
    const transport: Transport = {
      connect(_, events) {
        events.data(Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'));
        return Promise.resolve({ write: () => true, destroy: () => void (dropped = true) });
      },
    };
    await expect(Connection.open({ ...options(), transport }, new AbortController().signal)).rejects.toThrow(/SSH port/);
    expect(dropped).toBe(true);
  });

  it('leaves no timer behind when it is closed', async () => {
    const request = send();
    connection.close();
    await expect(request).rejects.toBeInstanceOf(SocketDisconnectedError);
    await turn();
    expect(clock.pending).toBe(0);
  });
});
