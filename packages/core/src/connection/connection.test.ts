import { beforeEach, describe, expect, it } from 'vitest';
import { ProtocolError, SocketDisconnectedError, TimeoutError } from '../errors.ts';
import type { Api } from '../protocol/api.ts';
import { heartbeat } from '../protocol/apis/heartbeat.ts';
import { listGroups } from '../protocol/apis/list-groups.ts';
import { HandClock, type ScriptedPeer, scriptedTransport, turn } from '../scripted-transport.ts';
import { Connection, type ConnectionOptions, type RequestOptions } from './connection.ts';

const request = { groupId: 'g', generationId: 1, memberId: 'm' };
const ok = { errorCode: 0, throttleTimeMs: 0 };
const heartbeatApi = heartbeat as Api<never, typeof ok>;

describe('Connection', () => {
  let clock: HandClock;
  let peer: ScriptedPeer;
  let connection: Connection;
  let closedWith: Error | undefined;

  async function open(options: Partial<ConnectionOptions> = {}): Promise<void> {
    clock = new HandClock();
    closedWith = undefined;
    const { transport, peers } = scriptedTransport();
    connection = await Connection.open(
      {
        address: { host: 'kafka', port: 9092 },
        name: 'broker 1 at kafka:9092',
        clientId: 'test',
        transport,
        clock,
        requestTimeoutMs: 1000,
        maxInFlight: 3,
        maxFrameBytes: 1 << 20,
        onClose: (error) => (closedWith = error),
        ...options,
      },
      new AbortController().signal,
    );
    peer = peers[0]!;
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
    await expect(first).rejects.toThrow('answered with correlation id 1, and 0 was awaited');
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
    const passed = clock.advance(1000); // the timer fires first, and the socket is read in the same turn
    peer.answer(heartbeatApi, ok);
    await passed;
    await expect(request).resolves.toMatchObject({ errorCode: 0 });
    expect(peer.dropped).toBe(false);
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

  it('leaves no timer behind when it is closed', async () => {
    const request = send();
    connection.close();
    await expect(request).rejects.toBeInstanceOf(SocketDisconnectedError);
    await turn();
    expect(clock.pending).toBe(0);
  });
});
