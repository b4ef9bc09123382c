import { registerHooks } from 'node:module';

/** Lets a program run on the packages' sources as they are now, without a build: `node --import ./tools/soak/sources.ts ...`. */
registerHooks({
  resolve(specifier, context, nextResolve) {
    const [, name, entry = 'index'] = /^@tskafka\/(core|producer|consumer)(?:\/(protocol|internal))?$/.exec(specifier) ?? [];
    if (name === undefined) return nextResolve(specifier, context);
    return nextResolve(new URL(`../../packages/${name}/src/${entry}.ts`, import.meta.url).href, context);
  },
});
