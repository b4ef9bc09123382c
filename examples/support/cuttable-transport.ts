import type { Transport, TransportEvents, TransportStream } from '@tskafka/core';

/** A transport whose every connection breaks on demand, and that reaches nobody until it is restored. */
export function cuttable(transport: Transport): Transport & { cut(): void; restore(): void } {
  const open = new Map<TransportStream, TransportEvents>();
  let isCut = false;
  return {
    async connect(address, events, signal) {
      if (isCut) throw new Error('the network is cut');
      const stream = await transport.connect(address, events, signal);
      open.set(stream, events);
      return stream;
    },
    cut() {
      isCut = true;
      for (const [stream, events] of open) {
        stream.destroy();
        events.close(new Error('the network is cut'));
      }
      open.clear();
    },
    restore() {
      isCut = false;
    },
  };
}
