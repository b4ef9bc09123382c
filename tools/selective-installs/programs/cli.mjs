import { execFileSync } from 'node:child_process';

const options = { encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] };
// With the Node that runs this program, and once by the link that the package manager made.
const run = (args, input) => execFileSync(process.execPath, ['node_modules/@tskafka/cli/dist/main.js', ...args], { ...options, input });
const linked = execFileSync('node_modules/.bin/tskafka', ['--version'], options);
const version = run(['--version']);
const brokers = ['--brokers', process.env.BOOTSTRAP];
run(['produce', ...brokers, process.env.TOPIC], 'hello\n');
const printed = run(['consume', ...brokers, process.env.TOPIC]);
console.log(linked === version && printed.includes('hello') ? 'ok' : `${linked} ${version} ${printed}`);
