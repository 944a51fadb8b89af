import type { FramingSpec } from '../../framing/catalogue.ts';
import type { Batches, Boundaries, ReceivedBatch } from '../../message/boundaries.ts';
import { messageFlags } from '../../message/flags.ts';

/** What an action answers to a batch of messages: bytes to send, a file to send `times` times, or a problem to record. */
export type Answer =
  | { readonly kind: 'send'; readonly batches: Batches }
  | { readonly kind: 'send-file'; readonly path: string; readonly times: number }
  | { readonly kind: 'problem'; readonly text: string };

/** The text that an action needs beside its kind. */
interface ActionValue<Name extends string> {
  readonly name: Name;
  readonly default: string;
  /** In characters. */
  readonly minLength?: { readonly length: number; readonly message: string };
  readonly maxLength: { readonly length: number; readonly message: string };
  /** How it is entered: as text that is sent as it is, or as a file or sample. */
  readonly input: 'exact' | 'payload';
  readonly label: string;
  readonly help: string;
  readonly aliases: string;
}

/** The flag of an action on the command line. */
interface ActionFlag {
  /** As commander reads it: a flag with a value gives that of the action. */
  readonly spelling: string;
  readonly help: string;
}

/** One kind of action of a rule. Configuration, form, command line and what is sent derive from it. */
export interface ActionKind<Kind extends string = string, Name extends string = string> {
  readonly kind: Kind;
  /** In the list of the form. */
  readonly label: string;
  readonly value?: ActionValue<Name>;
  /** Left out where no flag is needed: it is what happens without one. */
  readonly flag?: ActionFlag;
  /** Says in a few words what `action` does. */
  explain(action: ActionOf<Kind, Name>): string;
  /** Returns the answer to received messages, framed with the socket's framing; `undefined` where nothing is answered. */
  respond(action: ActionOf<Kind, Name>, batch: ReceivedBatch, framing: FramingSpec): Answer | undefined;
}

/** An action as a configuration has it. */
type ActionOf<Kind extends string, Name extends string> = { kind: Kind } & { [Field in Name]: string };

/** The action of a descriptor. */
export type DescribedAction<Described> =
  Described extends ActionKind<infer Kind, infer Name> ? ActionOf<Kind, Name> : never;

/** Declares a kind of action. */
export function defineAction<Kind extends string, Name extends string>(
  described: ActionKind<Kind, Name>,
): ActionKind<Kind, Name> {
  return described;
}

/** The flags of bytes that are not a message: bytes between messages, malformed bytes, and an incomplete message. */
export const notMessages = messageFlags.filler | messageFlags.malformed | messageFlags.incomplete;
/** A message above the limit is answered once, after its last piece. */
const unanswered = notMessages | messageFlags.truncated;

/** Returns the number of messages that are answered. */
export function answerable(boundaries: Boundaries): number {
  let count = 0;
  for (let index = 0; index < boundaries.count; index += 1) {
    if (((boundaries.flags[index] as number) & unanswered) === 0) count += 1;
  }
  return count;
}
