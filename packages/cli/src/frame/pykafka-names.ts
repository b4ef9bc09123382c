/** PyKafka's kafka-tools by name: how each is spelt here. */
const spellings: Readonly<Record<string, (words: readonly string[]) => readonly string[]>> = {
  print_topics: () => ['topics'],
  desc_topic: ([topic]) => ['topic', 'describe', ...given(topic)],
  create_topic: ([topic]) => ['topic', 'create', ...given(topic)],
  delete_topic: ([topic]) => ['topic', 'delete', ...given(topic)],
  print_managed_consumer_groups: () => ['groups'],
  print_consumer_lag: ([topic, group]) => ['lag', ...given(group), ...(topic === undefined ? [] : ['-t', topic])],
  print_offsets: ([topic, offset]) => ['offsets', ...given(topic), ...given(offset)],
  reset_offsets: ([topic, group, offset]) => [
    ...['offsets', 'reset', ...given(group)],
    ...(offset === undefined ? [] : ['--to', offset]),
    ...(topic === undefined ? [] : ['-t', topic]),
  ],
  consume_topic: ([topic]) => ['consume', ...given(topic)],
};

/** The command line in our spelling, where it names one of PyKafka's commands; undefined where it does not. */
export function fromPykafka(typed: readonly string[]): string[] | undefined {
  const at = typed.findIndex((word) => Object.hasOwn(spellings, word));
  if (at === -1) return undefined;
  const [before, name] = [typed.slice(0, at), typed[at]!];
  // A topic may be called so: only options and their values stand before a command.
  if (before.length > 0 && !before[0]!.startsWith('-')) return undefined;
  const words: string[] = [];
  const options: string[] = [];
  for (let i = at + 1; i < typed.length; i++) {
    const word = typed[i]!;
    if (!word.startsWith('-')) words.push(word);
    // Its only option of its own.
    else if (name === 'consume_topic' && (word === '-l' || word === '--limit')) options.push('-c', ...given(typed[++i]));
    else options.push(word, ...(i + 1 < typed.length && !word.includes('=') && !typed[i + 1]!.startsWith('-') ? [typed[++i]!] : []));
  }
  if (name === 'consume_topic' && !options.includes('-c')) options.push('-c', '10');
  return [...before, ...spellings[name]!(words), ...options];
}

function given(word: string | undefined): string[] {
  return word === undefined ? [] : [word];
}
