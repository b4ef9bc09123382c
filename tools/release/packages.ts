import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pnpm } from './run.ts';

/** The five, in the order of their dependencies. */
export const packageNames = ['core', 'producer', 'consumer', 'testing', 'cli'] as const;
export type PackageName = (typeof packageNames)[number];

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

export function readManifest(root: string, name: PackageName): Manifest {
  return JSON.parse(readFileSync(path.join(root, 'packages', name, 'package.json'), 'utf8')) as Manifest;
}

/** Where the tarball of each package is. */
export type Tarballs = ReadonlyMap<PackageName, string>;

/** Packs the built packages of `root` into `folder`, as publishing does. */
export async function packPackages(root: string, folder: string): Promise<Tarballs> {
  for (const name of packageNames) await pnpm(['pack', '--pack-destination', folder], { cwd: path.join(root, 'packages', name) });
  const files = readdirSync(folder);
  return new Map(
    packageNames.map((name) => {
      const file = files.find((entry) => entry.startsWith(`tskafka-${name}-`) && entry.endsWith('.tgz'));
      if (file === undefined) throw new Error(`no tarball of ${name} among ${files.join(', ')}`);
      return [name, path.join(folder, file)];
    }),
  );
}
