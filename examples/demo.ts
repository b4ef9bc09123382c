/** Runs the patterns of the usage guide one after the other: on a cluster in memory, or on the one at BOOTSTRAP. */
const patterns = [
  ['Setting the initial offset', './initial-offset.ts'],
  ['Consuming the last N messages', './last-n-messages.ts'],
  ['Producing to many topics', './many-topics.ts'],
  ['Producing many messages', './many-messages.ts'],
  ['Messages of your own types', './typed-messages.ts'],
  ['Handling messages', './handling-messages.ts'],
  ['A web service that produces', './web-service.ts'],
  ['A worker with a health endpoint', './worker.ts'],
  ['Reading a period of time', './read-a-period.ts'],
  ['Sharing a topic with a group', './sharing-a-topic.ts'],
  ['Sharing jobs, as with a queue', './sharing-jobs.ts'],
  ['Reading, making and writing, exactly once', './exactly-once.ts'],
  ['Administering a cluster', './administering.ts'],
  ['Surviving the loss of a connection', './connection-loss.ts'],
] as const;

for (const [title, file] of patterns) {
  console.log(`\n${title} (${file.slice(2)})`);
  await import(file);
}
