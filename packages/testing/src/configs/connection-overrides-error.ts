/** What a host may be written with. */
const host = /^[0-9a-zA-Z\-%._:]*$/;

/** Why Kafka refuses the text as `host:number` for each of some hosts, in its words; undefined when it does not. */
export function connectionOverridesError(name: string, text: string): string | undefined {
  const entries = text.trim().split(/\s*,\s*/);
  // Java's split leaves out what is empty at the end.
  while (entries.at(-1) === '') entries.pop();
  const broken = entries.find((entry) => !entry.includes(':'));
  if (broken !== undefined) return `Error parsing configuration property '${name}': begin 0, end -1, length ${broken.length}`;
  const overrides = entries.map((entry) => {
    const colon = entry.lastIndexOf(':');
    return { of: entry.slice(0, colon).trim(), count: entry.slice(colon + 1).trim() };
  });
  const malformed = overrides.find(({ count }) => !/^[+-]?\d+$/.test(count) || BigInt.asIntN(32, BigInt(count)) !== BigInt(count));
  if (malformed !== undefined) return `For input string: "${malformed.count}"`;
  const invalid = overrides.map(({ of }) => of).filter((of) => !host.test(of));
  return invalid.length === 0 ? undefined : `${name} contains invalid addresses : ${invalid.join(',')}`;
}
