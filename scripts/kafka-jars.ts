import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { kafkaVersion } from './kafka-version.ts';

const cacheFolder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tskafka', `kafka-clients-${kafkaVersion}`);

// The JSON converters are compiled into kafka-clients, but Jackson itself is a dependency of Kafka's tools only: this is the one they use.
const jacksonVersion = '2.21.2';

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>kafka-clients-and-jackson</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-clients</artifactId><version>${kafkaVersion}</version></dependency>
<dependency><groupId>com.fasterxml.jackson.core</groupId><artifactId>jackson-databind</artifactId><version>${jacksonVersion}</version></dependency>
</dependencies></project>
`;

/** The folder with kafka-clients and what it needs. Maven fetches it once, into the user's cache folder. */
export function kafkaLibs(): string {
  const libs = join(cacheFolder, 'libs');
  const complete = join(libs, '.complete');
  if (!existsSync(complete)) {
    mkdirSync(libs, { recursive: true });
    const pomFile = join(cacheFolder, 'pom.xml');
    writeFileSync(pomFile, pom);
    console.error(`fetching kafka-clients ${kafkaVersion} with mvn`);
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
    execFileSync('mvn', ['-q', '-B', '-f', pomFile, goal, '-DincludeScope=runtime', `-DoutputDirectory=${libs}`], { stdio: 'inherit' });
    writeFileSync(complete, '');
  }
  return libs;
}

/** The jar with the message definitions and the Java classes made from them. */
export function kafkaClientsJar(): string {
  const libs = kafkaLibs();
  const name = `kafka-clients-${kafkaVersion}.jar`;
  if (!readdirSync(libs).includes(name)) throw new Error(`${libs} has no ${name}`);
  return join(libs, name);
}
