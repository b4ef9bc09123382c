import { type ClientOptions, KafkaClient, tcpTransport, type Transport } from '@tskafka/core';
import { type Api, type Decoded, decodeRequestHeader, decodeResponse, encodeRequest, encodeResponse, Reader } from '@tskafka/core/protocol';
import { onTestFinished } from 'vitest';
import type { ApiName } from '../tools/fault-proxy/api-keys.ts';
import { FaultProxy } from '../tools/fault-proxy/proxy.ts';
import type { Rewrite, Scope, Strike } from '../tools/fault-proxy/strikes.ts';
import { broker } from './broker.ts';

/** A proxy in front of every node, mock or real, and a transport that goes through it wherever a broker says that it is. */
async function proxied(): Promise<{ readonly proxy: FaultProxy; readonly transport: Transport }> {
  const targets = (await broker.overTcp()).split(',').map((address) => Number(address.split(':')[1]));
  const proxy = await FaultProxy.start(targets.map((target, i) => ({ node: i + 1, port: 0, target })));
  const tcp = tcpTransport();
  const transport: Transport = {
    connect: ({ host, port }, events, signal) => {
      const node = targets.indexOf(port) + 1;
      if (node === 0) throw new Error(`no broker listens on ${port}`);
      return tcp.connect({ host, port: proxy.port(node) }, events, signal);
    },
  };
  return { proxy, transport };
}

/** A client whose every byte passes a proxy. Both end with the test, behind what was registered to end after this. */
export async function proxiedClient(options: Partial<ClientOptions> = {}) {
  const { proxy, transport } = await proxied();
  const client = await KafkaClient.connect({ brokers: await broker.overTcp(), transport, ...options });
  onTestFinished(async () => {
    proxy.calm();
    await client.close();
    await proxy.close();
  });
  return { proxy, client };
}

/** Lets `change` make another response of the next ones, by our own codecs. What it leaves alone arrives as it was. */
export function rewrite<Request, Response>(
  proxy: FaultProxy,
  api: Api<Request, Response>,
  change: (response: Decoded<Response>) => Response | void,
  scope?: Scope,
): Strike {
  return proxy.rewriteResponse(
    api.name as ApiName,
    (frame, version) => {
      const id = frame.readInt32BE(4);
      const response = decodeResponse(api, version, new Reader(frame.subarray(8)));
      return Buffer.concat(encodeResponse(api, version, id, change(response) ?? (response as Response)));
    },
    scope,
  );
}

/** Lets `change` make another request of the next ones: what the broker then says is true of it. */
export function rewriteRequest<Request, Response>(
  proxy: FaultProxy,
  api: Api<Request, Response>,
  change: (request: Decoded<Request>) => void,
  scope?: Scope,
): Strike {
  return proxy.rewriteRequest(
    api.name as ApiName,
    (frame, version) => {
      const r = new Reader(frame.subarray(4));
      const { correlationId, clientId } = decodeRequestHeader(r, () => api.flexibleVersion);
      const request = api.readRequest(r, version);
      change(request);
      return Buffer.concat(encodeRequest(api, version, correlationId, clientId, request as Request));
    },
    scope,
  );
}

/** Changes the first byte of a value that is on its way. */
export function damage(value: string | Buffer): Rewrite {
  return (frame) => {
    const damaged = Buffer.from(frame);
    const at = frame.indexOf(value);
    if (at >= 0) damaged[at]! ^= 1;
    return damaged;
  };
}
