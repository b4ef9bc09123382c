/** The quorum of controllers (KIP-595), which the mock's brokers are as well: a static one, as `controller.quorum.voters` makes it. */

export const controllerListener = 'CONTROLLER';
export const controllerPort = 9093;
export const metadataTopic = '__cluster_metadata';

/** The controller writes a record at least this often, so that the log of metadata grows (KIP-835). */
export const metadataIdleMs = 500;
