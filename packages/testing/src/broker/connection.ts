import { type BrokerAddress, decodeRequestHeader, encodeResponse, errorCodes, Reader, type RequestHeader } from '@tskafka/core/protocol';
import type { ApiName, ResponseOf } from '../api-name.ts';
import { type FailurePlan, noFailures } from './failure-plan.ts';
import { FrameAssembler } from './frame-assembler.ts';
import { CloseConnection, type Handler, type HandlerContext, type Session } from '../handler.ts';
import { handlersByKey } from '../handlers.ts';
import type { CallResult } from './interceptors.ts';
import { DelayLine, oneWayMs, slices } from './network.ts';
import { RequestQuota } from '../quotas/request-quota.ts';
import { throttleAnswer } from '../quotas/throttle-answer.ts';
import { principalParts } from '../security/principal.ts';
import { type Access, accessOf } from '../security/access.ts';
import { serveAllowed } from '../security/access-rules.ts';
import type { LoggedRequest } from './request-log.ts';
import type { SaslServer } from '../sasl/sasl-server.ts';
import type { ServingBroker } from './serving-broker.ts';
import { asksTheBroker } from '../topics/topic-news.ts';

/** The client's end of a connection, as the broker reaches it. */
export interface Wire {
  /** Who the client's certificate says that it is, such as `User:CN=alice`. */
  readonly principal?: string | undefined;
  send(bytes: Buffer): void;
  /** Says that nothing more comes, and still listens. */
  end(): void;
  /** Ends the connection; what was sent still arrives. */
  close(): void;
  /** Drops the connection as it is. */
  reset(): void;
}

/** What a connection is busy with. */
export interface PendingWork {
  /** The request that is not answered yet. */
  readonly request: LoggedRequest | undefined;
  /** Whether it is a poll that waits for what is not there yet. */
  readonly waitsForRecords: boolean;
  /** Requests that wait behind it, and bytes that are still on their way. */
  readonly behind: number;
}

/** The address that a client is told for a broker depends on the way it came in. */
export interface Listener {
  readonly name: string;
  addressOf(brokerId: number): BrokerAddress;
  /** undefined where it does not ask for SASL. */
  newSaslServer(): SaslServer | undefined;
}

const apiVersionsKey = 18;
const unheardOf = errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
const anonymous = 'User:ANONYMOUS';
/** Clients are on this machine, or in this process. */
export const loopback = '127.0.0.1';
const saslApis = new Set([17, apiVersionsKey, 36]);

/**
 * The broker's end of one connection. Requests are answered strictly one after the other, as by a real broker: whatever holds one
 * holds those behind it.
 */
export class BrokerConnection implements Session {
  readonly id: number;
  readonly sasl: SaslServer | undefined;
  readonly #broker: ServingBroker;
  readonly #listener: Listener;
  readonly #wire: Wire;
  readonly #assembler: FrameAssembler;
  readonly #incoming: DelayLine;
  readonly #outgoing: DelayLine;
  readonly #closeCallbacks = new Set<() => void>();
  readonly #pollCallbacks = new Set<() => void>();
  #frames: Buffer[] = [];
  #open: LoggedRequest | undefined;
  #busy = false;
  #closed = false;
  #closeAfterAnswer = false;
  #turnedAway = false;

  constructor(id: number, broker: ServingBroker, listener: Listener, wire: Wire) {
    this.id = id;
    this.#broker = broker;
    this.#listener = listener;
    this.#wire = wire;
    this.sasl = listener.newSaslServer();
    this.#assembler = new FrameAssembler(broker.state.configs.number('socket.request.max.bytes'));
    this.#incoming = new DelayLine(broker.state.clock);
    this.#outgoing = new DelayLine(broker.state.clock);
  }

  /** What it has to do, or has on its way. */
  get pending(): PendingWork {
    return {
      request: this.#open,
      waitsForRecords: this.#pollCallbacks.size > 0,
      behind: this.#frames.length + this.#incoming.waiting + this.#outgoing.waiting,
    };
  }

  get closed(): boolean {
    return this.#closed;
  }

  get listenerName(): string {
    return this.#listener.name;
  }

  get mayUseTokens(): boolean {
    return this.sasl === undefined ? this.principal !== anonymous : !this.sasl.byToken;
  }

  get principal(): string {
    const { user } = this.sasl ?? {};
    return user === undefined ? (this.#wire.principal ?? anonymous) : `User:${user}`;
  }

  addressOf(brokerId: number): BrokerAddress {
    return this.#listener.addressOf(brokerId);
  }

  onClose(callback: () => void): () => void {
    this.#closeCallbacks.add(callback);
    return () => this.#closeCallbacks.delete(callback);
  }

  onEndPolls(callback: () => void): () => void {
    this.#pollCallbacks.add(callback);
    return () => this.#pollCallbacks.delete(callback);
  }

  /** Answers a fetch that waits with what is there now. */
  endPolls(): void {
    for (const callback of [...this.#pollCallbacks]) callback();
  }

  closeAfterAnswer(): void {
    this.#closeAfterAnswer = true;
  }

  /** Hears nothing more, and closes the connection after this time: there have been too many of late (KIP-612). */
  turnAway(afterMs: number): void {
    this.#turnedAway = true;
    const timer = this.#broker.state.clock.setTimeout(() => this.close(), afterMs);
    this.onClose(() => timer.cancel());
  }

  /** Bytes from the client. */
  receive(chunk: Buffer): void {
    if (this.#turnedAway) return;
    const { network, state } = this.#broker;
    this.#incoming.push(oneWayMs(network, state.random), () => {
      if (this.#closed || network.blackhole) return;
      try {
        this.#frames.push(...this.#assembler.push(chunk));
      } catch {
        return this.close(); // a length that nobody can mean
      }
      this.#serve();
    });
  }

  /** The client has gone. */
  peerClosed(): void {
    this.#forget();
  }

  /** Closes the connection; what was answered before still arrives. */
  close(): void {
    if (this.#closed) return;
    this.#forget();
    this.#outgoing.push(0, () => this.#wire.close());
  }

  /** Drops the connection, as a broker does that dies. */
  reset(): void {
    if (this.#closed) return;
    this.#forget();
    this.#wire.reset();
  }

  /** Says that nothing more will be sent, and goes on reading. */
  halfClose(): void {
    this.#wire.end();
  }

  #forget(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#frames = [];
    this.#open = undefined;
    this.#broker.connections.delete(this);
    for (const callback of [...this.#closeCallbacks]) callback();
    this.#broker.state.activity.changed();
  }

  #serve(): void {
    while (!this.#busy && !this.#closed) {
      const frame = this.#frames.shift();
      if (frame === undefined) return;
      const served = this.#answer(frame);
      if (served === undefined) continue;
      this.#busy = true;
      const resume = (): void => {
        this.#busy = false;
        this.#serve();
      };
      served.then(resume, (error: unknown) => this.#fail(error));
    }
  }

  /** Answers one request: now, or when the promise resolves. */
  #answer(frame: Buffer): Promise<void> | undefined {
    try {
      if (this.sasl?.expectsRawTokens) return this.#answerRawToken(this.sasl, frame);
      const r = new Reader(frame);
      const header = readHeader(r);
      const handler = this.#handlerFor(header);
      if (handler === undefined) return undefined;
      const request = readRequest(handler, header.apiVersion, r);
      return this.#dispatch(handler, header, request, frame.length, this.#log(handler, header, request, frame.length));
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  /** Who answers; undefined when the connection has dealt with it. */
  #handlerFor({ apiKey, apiVersion, correlationId }: RequestHeader): Handler | undefined {
    const handler = handlersByKey.get(apiKey);
    const range = this.#broker.apiRanges.find((offered) => offered.apiKey === apiKey);
    const offered = range !== undefined && apiVersion >= range.minVersion && apiVersion <= range.maxVersion;
    if (handler !== undefined && offered && apiVersion >= handler.api.minVersion) {
      if (this.sasl === undefined || this.sasl.authenticated || saslApis.has(apiKey)) return handler;
      throw new CloseConnection(`${handler.api.name} before the client has authenticated`);
    }
    if (apiKey === apiVersionsKey && range !== undefined) {
      // In the layout of version 0, which every client can read, with the one range that it needs to try again (KIP-511).
      this.#send(handler!, 0, correlationId, { errorCode: errorCodes.UNSUPPORTED_VERSION, apiKeys: [range] });
      return undefined;
    }
    throw new CloseConnection(`API ${apiKey} version ${apiVersion} is not offered`);
  }

  #dispatch(
    handler: Handler,
    header: RequestHeader,
    request: unknown,
    frameBytes: number,
    entry: LoggedRequest,
  ): Promise<void> | undefined {
    const broker = this.#broker;
    const { state, usage } = broker;
    const quota = new RequestQuota(state.quotas, usage, state.clock, principalParts(this.principal).name, header.clientId ?? '');
    const finish = (result: CallResult): Promise<void> | undefined => this.#finish(handler, header, entry, result, quota.throttleMs);
    const throttle = (response: unknown): unknown => {
      if (state.quotas.isEmpty) return response;
      const answer = throttleAnswer(handler, header, request, frameBytes, response as object | undefined, quota);
      return quota.throttleMs === 0 || answer === undefined ? answer : { ...answer, throttleTimeMs: quota.throttleMs };
    };
    const apply = (failures: FailurePlan): unknown => {
      const response = serveAllowed(handler, request, this.#context(handler, header, failures, quota));
      return response instanceof Promise ? response.then(throttle) : throttle(response);
    };
    const facts = {
      api: entry.api,
      version: header.apiVersion,
      broker: broker.id,
      clientId: header.clientId,
      connection: this.id,
      request,
    };
    const result = broker.interceptors.run(facts, apply);
    if (result !== undefined) return result.then(finish);
    const response = apply(noFailures);
    if (response instanceof Promise) return response.then((value) => finish(answer(value)));
    return finish(answer(response));
  }

  #finish(
    handler: Handler,
    header: RequestHeader,
    entry: LoggedRequest,
    result: CallResult,
    throttleMs: number,
  ): Promise<void> | undefined {
    this.#open = undefined;
    if (this.#closed || result.kind === 'silence') return undefined;
    if (result.kind === 'drop') {
      this.reset();
      return undefined;
    }
    if (result.response !== undefined) {
      entry.response = result.response as ResponseOf<ApiName>;
      this.#send(handler, header.apiVersion, header.correlationId, result.response, result.rewrite);
    }
    this.#broker.state.activity.changed();
    if (this.#closeAfterAnswer) this.close();
    const muteMs = Math.max(result.muteMs, throttleMs);
    if (muteMs === 0) return undefined;
    const { clock } = this.#broker.state;
    return new Promise((resolve) => clock.setTimeout(resolve, muteMs, { background: true }));
  }

  #send(handler: Handler, version: number, correlationId: number, response: unknown, rewrite = (frame: Buffer) => frame): void {
    // One new buffer: the client gets nothing that the log still holds.
    this.#write(rewrite(Buffer.concat(encodeResponse(handler.api, version, correlationId, response))));
  }

  #write(bytes: Buffer): void {
    const { network, state } = this.#broker;
    for (const slice of slices(bytes, network.sliceBytes)) {
      this.#outgoing.push(oneWayMs(network, state.random), () => {
        if (!network.blackhole) this.#wire.send(slice);
        state.activity.changed();
      });
    }
  }

  async #answerRawToken(sasl: SaslServer, frame: Buffer): Promise<void> {
    const step = await sasl.step(frame);
    if (step === undefined || step.kind === 'refused') return this.close();
    const length = Buffer.alloc(4);
    length.writeInt32BE(step.token.length);
    this.#write(Buffer.concat([length, step.token]));
  }

  #context(handler: Handler, header: RequestHeader, failures: FailurePlan, quota: RequestQuota): HandlerContext {
    const broker = this.#broker;
    return {
      state: broker.state,
      brokerId: broker.id,
      version: header.apiVersion,
      clientId: header.clientId,
      session: this,
      access: this.#access(),
      quota,
      metadata: broker.metadata,
      fetchSessions: broker.fetchSessions,
      apiRanges: broker.apiRanges,
      failureOf: (topic, partition) => failures.codeFor(topic, partition) || (this.#isUnheardOf(topic, handler) ? unheardOf : 0),
    };
  }

  /** Whether the topic is there, and the news of it has not come here. */
  #isUnheardOf(topic: string | undefined, { api }: Handler): boolean {
    if (topic === undefined || !asksTheBroker(api.name)) return false;
    const { state, id } = this.#broker;
    const there = state.topics.get(topic);
    return there !== undefined && !state.topicNews.hasReached(id, there.id);
  }

  #access(): Access {
    return accessOf(this.#broker.state.authorizer, { principal: this.principal, host: loopback });
  }

  #log(handler: Handler, header: RequestHeader, request: unknown, frameBytes: number): LoggedRequest {
    const entry = {
      api: handler.api.name,
      version: header.apiVersion,
      broker: this.#broker.id,
      clientId: header.clientId,
      connection: this.id,
      principal: this.principal,
      correlationId: header.correlationId,
      at: this.#broker.state.clock.now(),
      request,
      response: undefined,
    } as unknown as LoggedRequest;
    this.#open = entry;
    this.#broker.requestLog.add(entry, frameBytes);
    return entry;
  }

  #fail(error: unknown): void {
    this.close();
    if (!(error instanceof CloseConnection)) this.#broker.onError(error);
  }
}

function answer(response: unknown): CallResult {
  return { kind: 'answer', response, rewrite: undefined, muteMs: 0 };
}

function readHeader(r: Reader): RequestHeader {
  return readOrClose(() => decodeRequestHeader(r, (apiKey) => handlersByKey.get(apiKey)?.api.flexibleVersion ?? Infinity));
}

function readRequest(handler: Handler, version: number, r: Reader): unknown {
  return readOrClose(() => handler.api.readRequest(r, version));
}

/** With bytes that make no sense a broker closes the connection. */
function readOrClose<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new CloseConnection('the request cannot be read', { cause });
  }
}
