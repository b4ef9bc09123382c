import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runOrThrow } from './programs.ts';

/** The folder for what may be fetched again: jars, and the run folders of the clusters that the command line starts. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tskafka');

/** What stands on Java's class path: the broker with its tools, and a logger that prints warnings to standard error. */
const artifacts = (version: string): string[] => [
  `org.apache.kafka:kafka_2.13:${version}`,
  `org.apache.kafka:kafka-tools:${version}`,
  'org.slf4j:slf4j-simple:1.7.36',
];

/** The class path of this version of Kafka, from Maven Central on first use and from the cache afterwards. */
export async function kafkaClassPath(version: string): Promise<string> {
  const folder = join(cacheFolder, `kafka-${version}`);
  if (!existsSync(folder)) await fetchJars(version, folder);
  return join(folder, '*');
}

/** The folder appears complete or not at all, so that two programs may fetch at the same time. */
async function fetchJars(version: string, folder: string): Promise<void> {
  process.stderr.write(`fetching Apache Kafka ${version} from Maven Central…\n`);
  await mkdir(cacheFolder, { recursive: true });
  const temporary = await mkdtemp(`${folder}.`);
  try {
    const pom = join(temporary, 'pom.xml');
    await writeFile(pom, pomOf(artifacts(version)));
    const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
    // Kafka 3 brings another logger, and there must be one.
    const options = ['-DincludeScope=runtime', '-DexcludeArtifactIds=slf4j-reload4j', `-DoutputDirectory=${join(temporary, 'jars')}`];
    await runOrThrow('mvn', ['-q', '-B', '-f', pom, plugin, ...options]);
    await rename(join(temporary, 'jars'), folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error; // else another program was faster
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function pomOf(coordinates: readonly string[]): string {
  const dependencies = coordinates.map((coordinate) => {
    const [group, artifact, version] = coordinate.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>real-kafka</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>${dependencies.join('\n')}</dependencies></project>
`;
}
