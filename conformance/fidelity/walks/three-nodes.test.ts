import { accessSteps } from './access-steps.ts';
import { AccessWalker } from './access-walker.ts';
import { walkOn } from './walk-on.ts';

await walkOn(3, { start: AccessWalker.start, steps: accessSteps }, { seeds: 8, steps: 150 });
