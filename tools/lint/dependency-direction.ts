/**
 * The picture in ARCHITECTURE.md as a lint rule: every folder is a layer, and a layer imports itself and what its row names, nothing else.
 */
import path from 'node:path';
import type { Rule } from 'eslint';

/** The first match wins. A file that no row matches (scripts, tools, examples, conformance) stands above everything and imports what it likes. */
const layers: readonly (readonly [layer: string, files: RegExp])[] = [
  ['core test support', /^packages\/core\/src\/(.+\/)?(scripted|test)-[^/]+$/],
  ['core/protocol', /^packages\/core\/src\/protocol\//],
  ['core/records', /^packages\/core\/src\/records\//],
  ['core/connection', /^packages\/core\/src\/connection\//],
  ['core/cluster', /^packages\/core\/src\/(cluster\/|options(\.test)?\.ts$)/],
  ['core/offsets', /^packages\/core\/src\/offsets\//],
  ['core client', /^packages\/core\/src\/(client|topic)(\.test)?\.ts$/],
  ['core/admin', /^packages\/core\/src\/admin\//],
  ['core entries', /^packages\/core\/src\/(index|protocol|internal)(\.test)?\.ts$/],
  ['core edges', /^packages\/core\/src\/[^/]+$/],
  ['producer test support', /^packages\/producer\/src\/test-[^/]+$/],
  ['producer', /^packages\/producer\/src\//],
  ['consumer', /^packages\/consumer\/src\//],
  ['testing doors', /^packages\/testing\/src\/[^/]+-door\.ts$/],
  ['testing', /^packages\/testing\/src\//],
  ['cli', /^packages\/cli\/src\//],
];

const bytes = ['core edges', 'core/protocol'];
const network = [...bytes, 'core/records', 'core/connection', 'core/cluster'];
const wholeCore = [...network, 'core/offsets', 'core client', 'core/admin'];
const corePackage = ['@tskafka/core', '@tskafka/core/protocol', '@tskafka/core/internal'];

/** Layer: the layers and packages below it. */
const below: Readonly<Record<string, readonly string[]>> = {
  'core edges': [],
  'core test support': [...bytes, 'core/connection'],
  'core/protocol': ['core edges'],
  'core/records': bytes,
  'core/connection': bytes,
  'core/cluster': [...bytes, 'core/connection'],
  'core/offsets': network,
  'core client': [...network, 'core/offsets'],
  'core/admin': [...network, 'core/offsets', 'core client'],
  'core entries': wholeCore,
  'producer test support': [...corePackage, 'producer', '@tskafka/testing', 'vitest'],
  producer: corePackage,
  consumer: corePackage,
  testing: ['@tskafka/core/protocol'],
  // Each is an entry of its own for those who have the other package: an optional peer.
  'testing doors': ['testing', 'kafkajs', 'vitest'],
  cli: [...corePackage, '@tskafka/producer', '@tskafka/consumer', '@tskafka/testing'],
};

/** What a test may import on top of its layer. Core's tests get nothing of ours but a scripted peer: they run without a broker. */
function forTests(layer: string): readonly string[] {
  const certificates = '@tskafka/test-certificates';
  if (layer.startsWith('core')) return [certificates, 'core test support', ...(layer === 'core edges' ? wholeCore : [])];
  if (layer === 'testing') return [certificates, 'testing doors'];
  if (layer === 'producer') return [certificates, '@tskafka/testing', 'producer test support'];
  return layer === 'consumer' ? [certificates, '@tskafka/testing'] : [certificates];
}

/** Bytes in, bytes out: these folders know neither sockets nor files nor time. */
const pureLayers = ['core/protocol', 'core/records'];
const worldly = /^node:(net|tls|dns|http|https|http2|fs|child_process|worker_threads|timers|os)(\/|$)/;

function layerOf(file: string): string | undefined {
  return layers.find(([, pattern]) => pattern.test(file))?.[0];
}

/** Why `specifier` must not be imported by `file` (a path from the workspace's root), or undefined when it may. */
function objection(file: string, specifier: string): string | undefined {
  const layer = layerOf(file);
  if (layer === undefined) return undefined;
  const isTest = /(\.test|-scene)\.ts$|\/golden\//.test(file);
  const allowed = [layer, ...(below[layer] ?? []), ...(isTest ? forTests(layer) : [])];
  if (specifier.startsWith('.')) {
    const imported = path.posix.join(path.posix.dirname(file), specifier);
    if (/^packages\/[^/]+\/package\.json$/.test(imported)) return undefined;
    const target = layerOf(imported);
    if (target !== undefined && allowed.includes(target)) return undefined;
    return `${layer} must not import ${target ?? imported}: imports go downwards only (ARCHITECTURE.md).`;
  }
  if (specifier.startsWith('node:')) {
    if (isTest || !pureLayers.includes(layer) || !worldly.test(specifier)) return undefined;
    return `${layer} is pure bytes and must not import ${specifier}.`;
  }
  if (specifier.startsWith('@tskafka/')) {
    return allowed.includes(specifier) ? undefined : `${layer} must not import ${specifier} (ARCHITECTURE.md).`;
  }
  // What cli imports is bundled into its one file.
  if (isTest || layer === 'cli' || allowed.includes(specifier)) return undefined;
  return `${layer} is published without dependencies and must not import ${specifier}.`;
}

type Import = Rule.Node & { readonly source?: { readonly value?: unknown } | null };

export const dependencyDirection: Rule.RuleModule = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = path.relative(context.cwd, context.filename).split(path.sep).join('/');
    const check = (node: Import): void => {
      const specifier = node.source?.value;
      if (typeof specifier !== 'string') return;
      const message = objection(file, specifier);
      if (message !== undefined) context.report({ node, message });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check, ImportExpression: check };
  },
};
