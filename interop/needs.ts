import { run } from '../tools/real-kafka/programs.ts';

/** What the clients run on, and how Debian has it. */
const programs: readonly [program: string, args: readonly string[], install: string][] = [
  ['java', ['-version'], 'a JDK 17 or newer: apt-get install openjdk-17-jdk-headless'],
  ['mvn', ['-version'], 'Apache Maven, which fetches Kafka’s tools: apt-get install maven'],
  ['python3', ['-m', 'venv', '--help'], 'Python 3.9 or newer with venv: apt-get install python3-venv'],
  ['kcat', ['-V'], 'kcat: tools/install-kcat.sh'],
];

/** Says all that is missing before the first test: a client that is not there must not pass for one that works. */
export async function setup(): Promise<void> {
  const found = await Promise.all(
    programs.map(([program, args]) =>
      run(program, args).then(
        ({ code }) => code === 0,
        () => false,
      ),
    ),
  );
  const missing = programs.filter((_, i) => !found[i]).map(([program, , install]) => `  ${program}: ${install}`);
  if (missing.length > 0) throw new Error(`these tests run other people's clients, and need\n${missing.join('\n')}`);
}
