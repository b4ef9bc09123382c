// What Node itself takes to start and to end: its processor time in milliseconds.
const { user, system } = process.cpuUsage();
console.log((user + system) / 1000);
