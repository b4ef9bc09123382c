import { consumerGroupSteps } from './consumer-group-steps.ts';
import { DataWalker } from './data-walker.ts';
import { groupSteps } from './group-steps.ts';
import { logSteps } from './log-steps.ts';
import { pairSteps } from './pair-steps.ts';
import { transactionSteps } from './transaction-steps.ts';
import { walkOn } from './walk-on.ts';

const steps = [...logSteps, ...groupSteps, ...pairSteps, ...consumerGroupSteps, ...transactionSteps];

await walkOn(1, { start: DataWalker.start, steps }, { seeds: 8, steps: 300 });
