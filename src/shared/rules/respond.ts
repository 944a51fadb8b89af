import type { FramingSpec } from '../framing/catalogue.ts';
import type { ReceivedBatch } from '../message/boundaries.ts';
import type { Answer } from './actions/action.ts';
import { type Action, actionKindOf } from './actions/catalogue.ts';

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
