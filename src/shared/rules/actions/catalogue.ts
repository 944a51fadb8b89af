import type { FramingSpec } from '../../framing/catalogue.ts';
import type { ReceivedBatch } from '../../message/boundaries.ts';
import { type ActionKind, type Answer, type DescribedAction, defineAction } from './action.ts';
import { echo } from './echo.ts';
import { reply, replyFile } from './reply.ts';

/** Answers nothing. */
const silence = defineAction<'silent', never>({
  kind: 'silent',
  label: 'Silent: only receive',
  explain: () => 'no reply',
  respond: () => undefined,
});

/** Every kind of action, in the order of the form. */
const catalogue = [reply, echo, replyFile, silence] as const;

/** An action of a rule, as a configuration has it. */
export type Action = DescribedAction<(typeof catalogue)[number]>;

/** The descriptor of one kind, used with the actions of that kind only. */
type Descriptor = Omit<ActionKind<Action['kind'], string>, 'explain' | 'respond'> & {
  explain(action: Action): string;
  respond(
    action: Action,
    ...received: Parameters<ActionKind['respond']> extends [unknown, ...infer Rest] ? Rest : never
  ): ReturnType<ActionKind['respond']>;
};

/** Every kind of action. */
export const actionKinds: readonly Descriptor[] = catalogue as readonly unknown[] as readonly Descriptor[];

const byKind = new Map<string, Descriptor>(actionKinds.map((described) => [described.kind, described]));

/** Returns the descriptor of a kind of action. */
export function actionKindOf(kind: Action['kind']): Descriptor {
  const found = byKind.get(kind);
  if (!found) throw new Error(`no action of the kind ${kind}`);
  return found;
}

/** Says in a few words what an action does. */
export function explain(action: Action): string {
  return actionKindOf(action.kind).explain(action);
}

/** Returns the action of this kind; `value` is the text that it needs, if any. */
export function createAction(kind: Action['kind'], value: string | undefined): Action {
  const { value: needed } = actionKindOf(kind);
  return { kind, ...(needed ? { [needed.name]: value ?? needed.default } : {}) } as Action;
}

/** Returns the text that an action has beside its kind, if any. */
export function textOf(action: Action): string | undefined {
  const { value } = actionKindOf(action.kind);
  return value && (action as unknown as Readonly<Record<string, string>>)[value.name];
}

/**
 * Returns what `actions` answer to a batch of messages, in their order. Reads nothing and sends nothing. The batch is valid until
 * this returns; the answers keep none of its memory, except a `carryOver` that the caller gives away (`TakeMessages`).
 */
export function respond(actions: readonly Action[], batch: ReceivedBatch, framing: FramingSpec): Answer[] {
  const answers: Answer[] = [];
  for (const action of actions) {
    const answer = actionKindOf(action.kind).respond(action, batch, framing);
    if (answer) answers.push(answer);
  }
  return answers;
}
