import { compareOn } from './run.ts';

await compareOn(1);
