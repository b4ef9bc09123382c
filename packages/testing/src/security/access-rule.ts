import { errorCodes } from '@tskafka/core/protocol';
import type { AnswerOf, ApiName, RequestOf } from '../api-name.ts';
import type { HandlerContext } from '../handler.ts';
import { clusterName, type Operation, type ResourceType } from './acl.ts';

/** What somebody must be allowed to do. */
export type Need = readonly [operation: Operation, type: ResourceType, name: string];

/** What a step makes of a request: its refusal, or what is left of it, and how what was taken out comes back into the answer. */
export type Step<Name extends ApiName> = (request: RequestOf<Name>, context: HandlerContext) => Verdict<Name> | undefined;
type Verdict<Name extends ApiName> =
  | { readonly answer: AnswerOf<Name> | undefined }
  | { readonly request: RequestOf<Name>; readonly complete: (answer: AnswerOf<Name>) => AnswerOf<Name> };

type ElementOf<List> = NonNullable<List> extends readonly (infer Element)[] ? Element : never;

export interface Parts<Name extends ApiName, In extends keyof RequestOf<Name>, Out extends keyof AnswerOf<Name>> {
  /** What the client needs for one of them; undefined: nothing, as for what the handler itself will refuse. */
  readonly need: (part: ElementOf<RequestOf<Name>[In]>, context: HandlerContext, request: RequestOf<Name>) => Need | undefined;
  readonly refused: (part: ElementOf<RequestOf<Name>[In]>, errorCode: number, context: HandlerContext) => ElementOf<AnswerOf<Name>[Out]>;
  /** Where the refused ones stand in the answer. Default: last. */
  readonly place?: 'first' | 'last' | 'asAsked';
}

/** What one API asks of its clients, in the order in which a broker asks. */
export class AccessRule<Name extends ApiName> {
  readonly name: Name;
  readonly #steps: Step<Name>[] = [];

  constructor(name: Name) {
    this.name = name;
  }

  /** Without the need (or one of them) the whole request is refused. */
  whole(
    need: (request: RequestOf<Name>, context: HandlerContext) => Need | readonly Need[] | undefined,
    refuse: (errorCode: number, request: RequestOf<Name>, context: HandlerContext) => AnswerOf<Name>,
  ): this {
    return this.step((request, context) => {
      const missing = needsOf(need(request, context)).find((one) => !has(one, context));
      return missing === undefined ? undefined : { answer: refuse(errorOf(missing), request, context) };
    });
  }

  /** Parts of the request are refused one by one, and the rest is served. */
  each<In extends keyof RequestOf<Name>, Out extends keyof AnswerOf<Name>>(input: In, output: Out, rule: Parts<Name, In, Out>): this {
    type Part = ElementOf<RequestOf<Name>[In]>;
    type Answered = ElementOf<AnswerOf<Name>[Out]>;
    return this.step((request, context) => {
      const parts = (request[input] ?? []) as readonly Part[];
      const refusals = parts.map((part) => {
        const need = rule.need(part, context, request);
        return need === undefined || has(need, context) ? undefined : rule.refused(part, errorOf(need), context);
      });
      if (refusals.every((refusal) => refusal === undefined)) return undefined;
      const refused = refusals.filter((refusal) => refusal !== undefined);
      const merge = (answered: readonly Answered[]): readonly Answered[] => {
        if (rule.place === 'first') return [...refused, ...answered];
        if (rule.place !== 'asAsked') return [...answered, ...refused];
        const rest = [...answered];
        return refusals.flatMap((refusal) => refusal ?? rest.splice(0, 1));
      };
      return {
        request: { ...request, [input]: parts.filter((_, i) => refusals[i] === undefined) },
        // An error of the whole answer is all that is said.
        complete: (answer) => (isFailed(answer) ? answer : { ...answer, [output]: merge((answer[output] ?? []) as readonly Answered[]) }),
      };
    });
  }

  /** Takes out of the answer what the client must not see. */
  sift(sift: (answer: AnswerOf<Name>, context: HandlerContext) => AnswerOf<Name>): this {
    return this.step((request, context) => ({ request, complete: (answer) => sift(answer, context) }));
  }

  /** What none of the other forms can say. */
  step(step: Step<Name>): this {
    this.#steps.push(step);
    return this;
  }

  /** Serves the request, or what the client may have of it. */
  serve(given: unknown, context: HandlerContext, handle: (request: unknown) => unknown): unknown {
    let request = given as RequestOf<Name>;
    const completions: ((answer: AnswerOf<Name>) => AnswerOf<Name>)[] = [];
    for (const step of this.#steps) {
      const verdict = step(request, context);
      if (verdict === undefined) continue;
      if ('answer' in verdict) return completeAll(verdict.answer, completions);
      request = verdict.request;
      completions.push(verdict.complete);
    }
    const answer = handle(request) as AnswerOf<Name> | undefined | Promise<AnswerOf<Name> | undefined>;
    if (completions.length === 0) return answer;
    return answer instanceof Promise ? answer.then((value) => completeAll(value, completions)) : completeAll(answer, completions);
  }
}

function isFailed(answer: object): boolean {
  return 'errorCode' in answer && answer.errorCode !== undefined && answer.errorCode !== 0;
}

function completeAll<Answer>(answer: Answer | undefined, completions: readonly ((answer: Answer) => Answer)[]): Answer | undefined {
  return completions.reduceRight<Answer | undefined>((value, complete) => (value === undefined ? undefined : complete(value)), answer);
}

export function onCluster(operation: Operation): Need {
  return [operation, 'cluster', clusterName];
}

export function has([operation, type, name]: Need, { access }: HandlerContext): boolean {
  return access.may(operation, type, name);
}

/** The error that says that something of this type was not allowed. */
function errorOf([, type]: Need): number {
  return authorizationErrors[type];
}

const authorizationErrors: Readonly<Record<ResourceType, number>> = {
  topic: errorCodes.TOPIC_AUTHORIZATION_FAILED,
  group: errorCodes.GROUP_AUTHORIZATION_FAILED,
  cluster: errorCodes.CLUSTER_AUTHORIZATION_FAILED,
  transactionalId: errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
  delegationToken: errorCodes.DELEGATION_TOKEN_AUTHORIZATION_FAILED,
  user: errorCodes.DELEGATION_TOKEN_AUTHORIZATION_FAILED,
};

/** Kafka's text for such an error, where an API sends one along. */
export const authorizationMessages: Readonly<Record<number, string>> = {
  [errorCodes.TOPIC_AUTHORIZATION_FAILED]: 'Topic authorization failed.',
  [errorCodes.GROUP_AUTHORIZATION_FAILED]: 'Group authorization failed.',
  [errorCodes.CLUSTER_AUTHORIZATION_FAILED]: 'Cluster authorization failed.',
  [errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED]: 'Transactional Id authorization failed.',
};

function needsOf(needs: Need | readonly Need[] | undefined): readonly Need[] {
  if (needs === undefined) return [];
  return typeof needs[0] === 'string' ? [needs as Need] : (needs as readonly Need[]);
}
