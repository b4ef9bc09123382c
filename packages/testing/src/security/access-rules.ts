import type { ApiName } from '../api-name.ts';
import type { Handler, HandlerContext } from '../handler.ts';
import { clusterRules } from './access-rules/cluster.ts';
import { groupRules } from './access-rules/groups.ts';
import { metadataRule } from './access-rules/metadata.ts';
import { recordRules } from './access-rules/records.ts';
import { shareGroupRules } from './access-rules/share-groups.ts';
import { topicRules } from './access-rules/topics.ts';
import { transactionRules } from './access-rules/transactions.ts';

/** What a client must be allowed to do, for all APIs that ask. Those of delegation tokens ask in their handlers, as it depends on the token. */
const rules = [metadataRule, ...recordRules, ...topicRules, ...groupRules, ...shareGroupRules, ...transactionRules, ...clusterRules];

/** How a request is served to a client that may not be allowed all of it. */
interface Rule {
  readonly name: ApiName;
  serve(request: unknown, context: HandlerContext, handle: (request: unknown) => unknown): unknown;
}

const rulesByName: ReadonlyMap<string, Rule> = new Map<string, Rule>(rules.map((rule) => [rule.name, rule]));

/** Serves a request as far as the client may have it. */
export function serveAllowed({ api, handle }: Handler, request: unknown, context: HandlerContext): unknown {
  const rule = context.access.authorizer === undefined ? undefined : rulesByName.get(api.name);
  const serve = (allowed: unknown): unknown => handle(allowed, context);
  return rule === undefined ? serve(request) : rule.serve(request, context, serve);
}
