/**
 * What a stage of .ci/run checked, as `passed failed`.
 *
 *   node tools/ci/count.ts LOG [REPORT ...]
 */
import { existsSync, readFileSync } from 'node:fs';
import { countLog, countReport, type Counts } from './counts.ts';

const [log, ...reports] = process.argv.slice(2);
const counts: Counts[] = [countLog(readFileSync(log!, 'utf8'))];
// A pattern that matched no file arrives here as it stands.
for (const report of reports.filter((file) => existsSync(file))) counts.push(countReport(readFileSync(report, 'utf8')));
const sum = (key: keyof Counts): number => counts.reduce((total, each) => total + each[key], 0);
console.log(sum('passed'), sum('failed'));
