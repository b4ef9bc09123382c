// What Node itself takes to start and to end: its processor time in milliseconds.
const { user, system } = process.cpuUsage();
process.stdout.write(`${(user + system) / 1000}\n`);
