import { addRaftVoter, describeMetadataQuorum, type QuorumReplica, removeRaftVoter } from '@tskafka/core';
import { command } from '../frame/command.ts';
import { UsageError } from '../frame/failure.ts';
import type { Column } from '../frame/rows.ts';
import { timeSpan } from '../terminal/time-span.ts';

interface Row {
  readonly replica: QuorumReplica;
  readonly role: 'leader' | 'voter' | 'observer';
  /** Undefined where either end is not known. */
  readonly lag: number | undefined;
  readonly address: string | undefined;
  readonly caughtUpMsAgo: number | undefined;
}

const columns: readonly Column<Row>[] = [
  { name: 'id', value: ({ replica }) => replica.id, isId: true },
  { name: 'role', value: ({ role }) => role },
  { name: 'logEnd', value: ({ replica }) => replica.logEndOffset },
  { name: 'lag', value: ({ lag }) => lag },
  {
    name: 'caughtUp',
    value: ({ caughtUpMsAgo }) => caughtUpMsAgo,
    text: ({ caughtUpMsAgo: ms }) => (ms === undefined ? '-' : `${ms < 1000 ? `${ms} ms` : timeSpan(ms / 1000)} ago`),
  },
  { name: 'address', value: ({ address }) => address },
  { name: 'directory', value: ({ replica }) => replica.directoryId },
];

/** `tskafka quorum`: who keeps the metadata, and how far each has come. Java: kafka-metadata-quorum.sh describe. */
export const quorum = command({
  examples: ['tskafka quorum', 'tskafka quorum --json'],
  async run({ connect, rows, talk, signal }) {
    const client = await connect();
    const { leaderId, leaderEpoch, highWatermark, voters, observers, endpoints } = await describeMetadataQuorum(client, { signal });
    const end = voters.find(({ id }) => id === leaderId)?.logEndOffset ?? highWatermark;
    const now = Date.now();
    const rowOf = (replica: QuorumReplica, role: Row['role']): Row => {
      const [endpoint] = endpoints.get(replica.id) ?? [];
      const { lastCaughtUpTime: time, logEndOffset } = replica;
      return {
        ...{ replica, role, lag: logEndOffset === undefined ? undefined : Math.max(0, end - logEndOffset) },
        address: endpoint && `${endpoint.host}:${endpoint.port}`,
        caughtUpMsAgo: time === undefined ? undefined : Math.max(0, now - time),
      };
    };
    await rows(columns, [
      ...voters.map((replica) => rowOf(replica, replica.id === leaderId ? 'leader' : 'voter')),
      ...observers.map((replica) => rowOf(replica, 'observer')),
    ]);
    talk(`epoch ${leaderEpoch}, high watermark ${highWatermark.toLocaleString('en-US')}`);
  },
});

interface Voter {
  readonly id: number;
  readonly directoryId: string;
}

const voterArguments = [
  ['<id>', 'the id of the controller'],
  ['<directory>', 'the id of its metadata directory: directory.id in its meta.properties'],
] as const;
const voterColumns: readonly Column<Voter>[] = [
  { name: 'id', value: ({ id }) => id, isId: true },
  { name: 'directory', value: ({ directoryId }) => directoryId },
];

/** `tskafka quorum add`. Java: kafka-metadata-quorum.sh add-controller. */
export const quorumAdd = command<{ endpoint?: string[]; execute?: boolean }, [id: string, directory: string]>({
  arguments: voterArguments,
  options: [{ flags: '--endpoint <listener=host:port>', text: 'its listener and address: CONTROLLER=host:9093', repeat: true }],
  changes: true,
  examples: ['tskafka quorum add 4 J8aAPcfLQt2bqs1JT_rMgQ --endpoint CONTROLLER=kafka-4:9093 --execute'],
  async run({ connect, change, signal }, { endpoint = [], execute }, id, directoryId) {
    const endpoints = endpoint.map((text) => {
      const match = /^([^=]+)=(.+):(\d{1,5})$/.exec(text);
      if (match === null) throw new UsageError(`--endpoint ${text} is no endpoint`, 'such as CONTROLLER=kafka-4:9093');
      return { listener: match[1]!, host: match[2]!.replace(/^\[(.*)\]$/, '$1'), port: Number(match[3]) };
    });
    if (endpoints.length === 0) throw new UsageError('--endpoint is missing', '--endpoint CONTROLLER=kafka-4:9093');
    const voter = voterOf(id, directoryId);
    const client = await connect();
    await change<Voter>({
      columns: voterColumns,
      rows: [voter],
      would: `give controller ${voter.id} a vote`,
      execute,
      async apply() {
        await addRaftVoter(client, { ...voter, endpoints }, { signal });
        return [undefined];
      },
    });
  },
});

/** `tskafka quorum remove`. Java: kafka-metadata-quorum.sh remove-controller. */
export const quorumRemove = command<{ execute?: boolean }, [id: string, directory: string]>({
  arguments: voterArguments,
  changes: true,
  examples: ['tskafka quorum remove 4 J8aAPcfLQt2bqs1JT_rMgQ --execute'],
  async run({ connect, change, signal }, { execute }, id, directoryId) {
    const voter = voterOf(id, directoryId);
    const client = await connect();
    await change<Voter>({
      columns: voterColumns,
      rows: [voter],
      would: `take the vote from controller ${voter.id}`,
      execute,
      async apply() {
        await removeRaftVoter(client, voter, { signal });
        return [undefined];
      },
    });
  },
});

function voterOf(id: string, directoryId: string): Voter {
  if (!/^\d{1,9}$/.test(id)) throw new UsageError(`${id} is not the id of a controller`);
  if (!/^[\w-]{22}$/.test(directoryId))
    throw new UsageError(`${directoryId} is not the id of a directory`, 'directory.id in its meta.properties');
  return { id: Number(id), directoryId };
}
