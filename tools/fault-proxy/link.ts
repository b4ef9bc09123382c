import { connect, type Socket } from 'node:net';
import { apiKeyOf, correlationIdOfRequest, correlationIdOfResponse, FrameCutter, versionOf } from './frames.ts';
import { Pipe } from './pipe.ts';
import type { Strikes } from './strikes.ts';
import type { Weather } from './weather.ts';

export interface LinkOptions {
  readonly node: number;
  readonly target: { readonly host: string; readonly port: number };
  readonly weather: Weather;
  readonly strikes: Strikes;
  readonly random: () => number;
}

/** One client's connection to one node. */
export class Link {
  readonly #client: Socket;
  readonly #broker: Socket;
  readonly #options: LinkOptions;
  readonly #up: Pipe;
  readonly #down: Pipe;
  /** What the requests are that the broker has not answered, by correlation id. */
  readonly #asked = new Map<number, { readonly apiKey: number; readonly version: number }>();

  constructor(client: Socket, options: LinkOptions, onClose: () => void) {
    const { target, weather, random } = options;
    const broker = connect({ ...target, allowHalfOpen: true, noDelay: true });
    this.#client = client;
    this.#broker = broker;
    this.#options = options;
    this.#up = new Pipe(client, broker, 'up', weather, random);
    this.#down = new Pipe(broker, client, 'down', weather, random);
    const [requests, responses] = [new FrameCutter(), new FrameCutter()];
    client.on('data', (chunk: Buffer) => requests.push(chunk).forEach((frame) => this.#request(frame)));
    broker.on('data', (chunk: Buffer) => responses.push(chunk).forEach((frame) => this.#response(frame)));
    client.on('end', () => this.#up.push(undefined));
    broker.on('end', () => this.#down.push(undefined));
    client.on('error', () => this.rst());
    broker.on('error', () => this.rst());
    client.on('close', () => {
      broker.destroy();
      onClose();
    });
  }

  /** Breaks the connection on both sides, with whatever is on its way. */
  rst(): void {
    for (const socket of [this.#client, this.#broker]) {
      if (socket.destroyed) continue;
      // Node fails to reset a socket that it is ending, and then spins for ever when the process is to end.
      if (socket.writableEnded) socket.destroy();
      else socket.resetAndDestroy();
    }
  }

  /** Closes it in good order: the broker still handles what it has. */
  fin(): void {
    this.#client.end();
    this.#broker.end();
  }

  /** The client is told that the broker says no more; what the client says still arrives. */
  halfClose(): void {
    this.#client.end();
  }

  #request(frame: Buffer): void {
    if (this.#broker.destroyed) return;
    const { strikes, node } = this.#options;
    const [apiKey, version] = [apiKeyOf(frame), versionOf(frame)];
    const verdict = strikes.verdict('request', apiKey, node);
    if (verdict?.drop) return this.rst();
    this.#asked.set(correlationIdOfRequest(frame), { apiKey, version });
    this.#up.push(verdict?.rewrite?.(frame, version) ?? frame, verdict?.delayMs);
  }

  #response(frame: Buffer): void {
    if (this.#client.destroyed) return;
    const { strikes, node } = this.#options;
    const id = correlationIdOfResponse(frame);
    const request = this.#asked.get(id);
    this.#asked.delete(id);
    const verdict = request && strikes.verdict('response', request.apiKey, node);
    if (verdict?.drop) return this.rst();
    this.#down.push(verdict?.rewrite?.(frame, request!.version) ?? frame, verdict?.delayMs);
  }
}
