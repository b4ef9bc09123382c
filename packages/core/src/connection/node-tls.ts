import type * as tls from 'node:tls';

/**
 * `node:tls`, loaded when it is first asked for: that takes as long as all else of Node.js that a client loads (18 ms of the processor), and most
 * programs speak to their brokers in plain text.
 */
export const nodeTls = (): typeof tls => process.getBuiltinModule('node:tls');
