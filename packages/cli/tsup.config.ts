import { packageBuild } from '../../tsup.base.ts';

// One file without dependencies: the other packages are bundled, tree-shaken from their sources.
export default packageBuild({ entry: ['src/main.ts'], format: ['esm'], dts: false, splitting: false });
