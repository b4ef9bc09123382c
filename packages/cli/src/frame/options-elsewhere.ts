/**
 * What people's fingers know from kcat and Kafka's own tools, where it is called otherwise here: after a usage error it says how. By the option, for all
 * commands or for some.
 */
const options: readonly (readonly [option: string, here: string, commands?: readonly string[]])[] = [
  ['-e', 'consume stops at the end by itself: leave out -e', ['consume']],
  ['--exit', 'consume stops at the end by itself: leave out --exit', ['consume']],
  ['--from-beginning', 'consume starts at the beginning: leave it out; -o end --follow waits for new messages', ['consume']],
  ['--max-messages', '-c', ['consume']],
  ['--timeout-ms', 'consume stops by itself; --timeout limits how long it tries to reach brokers', ['consume']],
  ['-u', 'output is never buffered: leave out -u', ['consume', 'tail']],
  ['-t', 'give the topic without an option: tskafka COMMAND TOPIC', ['consume', 'tail', 'produce', 'copy', 'topic', 'offsets']],
  ['--topic', 'give the topic without an option: tskafka COMMAND TOPIC', ['consume', 'tail', 'produce', 'copy', 'topic', 'offsets']],
  ['--group', '-G', ['consume']],
  ['--group', 'give the group without an option: tskafka COMMAND GROUP', ['lag', 'group', 'groups', 'offsets']],
  ['--partitions', '-p', ['consume', 'tail']],
  ['--replication-factor', '-r', ['topic']],
  ['--isolation-level', '--read-uncommitted; without it only what is committed is read', ['consume', 'tail']],
  ['--property', 'the key is printed with --keys', ['consume', 'tail']],
  ['--property', '-K, which says what stands between key and value', ['produce']],
  ['--list', 'tskafka topics lists them', ['topics', 'topic']],
  ['--describe', 'tskafka topic describe TOPIC', ['topics', 'topic']],
  ['--create', 'tskafka topic create TOPIC', ['topics', 'topic']],
  ['--alter', 'tskafka topic alter TOPIC', ['topics', 'topic']],
  ['--delete', 'tskafka topic delete TOPIC', ['topics', 'topic']],
  ['--under-replicated-partitions', 'tskafka topics --only under-replicated', ['topics', 'topic']],
  ['--list', 'tskafka groups lists them', ['groups', 'group']],
  ['--describe', 'tskafka group describe GROUP, or tskafka lag GROUP', ['groups', 'group', 'lag']],
  ['--all-groups', 'tskafka lag, without a name', ['groups', 'group', 'lag']],
  ['--reset-offsets', 'tskafka offsets reset GROUP', ['groups', 'group', 'offsets']],
  ['-L', 'tskafka topics and tskafka brokers list what there is'],
  ['-P', 'tskafka produce TOPIC'],
  ['-Q', 'tskafka offsets TOPIC @TIME'],
  ['--bootstrap-server', '-b'],
  ['--bootstrap-servers', '-b'],
  ['--broker-list', '-b'],
  ['--command-config', '-F'],
  ['--consumer.config', '-F'],
  ['--producer.config', '-F'],
  ['--consumer-property', '-X'],
  ['--producer-property', '-X'],
];

/** The hint for an option of another tool; undefined for one that is nobody's. */
export function hereFor(option: string | undefined, command: string | undefined): string | undefined {
  const first = command?.split(' ')[0];
  const found = options.find(([name, , commands]) => name === option && (commands === undefined || commands.includes(first ?? '')));
  if (found === undefined) return undefined;
  return found[1].startsWith('-') ? `here it is ${found[1]}` : found[1].replace('COMMAND', command!);
}
