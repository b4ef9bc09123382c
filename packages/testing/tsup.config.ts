import { packageBuild } from '../../tsup.base.ts';

export default packageBuild({ entry: ['src/index.ts', 'src/kafkajs-door.ts', 'src/vitest-door.ts', 'src/main.ts'] });
