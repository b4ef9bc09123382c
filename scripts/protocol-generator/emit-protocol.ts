import type { Definition } from './definitions.ts';
import { type ApiModel, emitApi, emitMessage, header } from './emit-file.ts';
import { resolveMessage } from './model.ts';
import { camelCase, kebabCase, wantedNames } from './names.ts';
import { intersect, isEmpty, parseVersions, type Versions } from './versions.ts';

/** What clients find inside records: the consumer protocol in group requests, and control records. The rest is the brokers' own. */
const emittedMessages = ['ConsumerProtocolSubscription', 'ConsumerProtocolAssignment', 'ControlRecordTypeSchema', 'EndTxnMarker'];

/** Every generated file, by its path below protocol/, not formatted yet. */
export function emitProtocol(definitions: ReadonlyMap<string, Definition>): Map<string, string> {
  const files = new Map<string, string>();
  const apis = resolveApis(definitions);
  for (const api of apis) files.set(`apis/${kebabCase(api.name)}.ts`, emitApi(api));
  files.set('apis/index.ts', emitIndex(apis));
  files.set('apis/types.ts', emitTypes(apis));
  for (const name of emittedMessages) {
    const definition = definitions.get(name);
    if (!definition) throw new Error(`there is no ${name}`);
    const message = resolveMessage(definition, parseVersions(definition.validVersions), new Set());
    files.set(`messages/${kebabCase(name)}.ts`, emitMessage(message));
  }
  return files;
}

/** The APIs that a broker listens to, by their number. Those with no versions left are gone from Kafka. */
export function resolveApis(definitions: ReadonlyMap<string, Definition>): ApiModel[] {
  return [...definitions.values()]
    .filter((definition) => definition.type === 'request' && definition.listeners?.includes('broker') === true)
    .sort((a, b) => a.apiKey! - b.apiKey!)
    .flatMap((request) => {
      const name = request.name.replace(/Request$/, '');
      const response = definitions.get(`${name}Response`);
      if (!response) throw new Error(`${request.name} has no response`);
      const versions = intersect(stableVersions(request), stableVersions(response));
      return isEmpty(versions) ? [] : [resolveApi(name, request, response, versions)];
    });
}

function resolveApi(name: string, request: Definition, response: Definition, versions: Versions): ApiModel {
  return {
    key: request.apiKey!,
    name,
    request: resolveMessage(request, versions, wantedNames(response)),
    response: resolveMessage(response, versions, wantedNames(request)),
  };
}

/** A latest version that Kafka calls unstable may still change, and brokers refuse it by default. */
function stableVersions(definition: Definition): Versions {
  const valid = parseVersions(definition.validVersions);
  return definition.latestVersionUnstable ? { min: valid.min, max: valid.max - 1 } : valid;
}

function emitIndex(apis: readonly ApiModel[]): string {
  const names = apis.map(({ name }) => camelCase(name));
  return `${header}
import type { Api } from '../api.ts';
${apis.map(({ name }) => `import { ${camelCase(name)} } from './${kebabCase(name)}.ts';`).join('\n')}

export { ${names.join(', ')} };

/** Every API that brokers offer to clients, by rising key. */
export const all: readonly Api[] = [${names.join(', ')}];
`;
}

function emitTypes(apis: readonly ApiModel[]): string {
  const lines = apis.map(
    ({ name, request, response }) => `export type { ${request.root.name}, ${response.root.name} } from './${kebabCase(name)}.ts';`,
  );
  return [header, ...lines].join('\n');
}
