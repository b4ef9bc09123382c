// A bundle of its own: it needs both halves of the protocol, and only `tskafka mock` loads it (tsup.config.ts).
export { serve, type ServedLogin } from '@tskafka/testing';
