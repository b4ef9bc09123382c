/** What Kafka allows as a topic's name, and the words it refuses with. */

const internalTopics = new Set(['__consumer_offsets', '__transaction_state', '__share_group_state']);

const longestName = 249;

/** Why Kafka refuses the name, or undefined. */
export function invalidTopicName(name: string): string | undefined {
  const reason = reasonAgainst(name);
  return reason === undefined ? undefined : `Topic name is invalid: ${reason}`;
}

export function isInternalTopic(name: string): boolean {
  return internalTopics.has(name);
}

/** Two names that differ in `.` and `_` only would share their metrics, so Kafka allows but one of them. */
export function collides(a: string, b: string): boolean {
  return a !== b && a.replaceAll('.', '_') === b.replaceAll('.', '_');
}

function reasonAgainst(name: string): string | undefined {
  if (name === '') return 'the empty string is not allowed';
  if (name === '.' || name === '..') return `'${name}' is not allowed`;
  if (name.length > longestName) return `the length of '${name}' is longer than the max allowed length ${longestName}`;
  if (/[^a-zA-Z0-9._-]/.test(name)) return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
  return undefined;
}
