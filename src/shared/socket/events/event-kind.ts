import type { ExplainedCall } from '../python-words.ts';
import type { SocketFacts, SocketState } from '../state.ts';
import type { FieldMap, ValuesOf } from './fields.ts';

type Simplified<T> = { readonly [Key in keyof T]: T[Key] };

/** The event of a kind with these fields. */
type EventWith<Kind, Fields> = Simplified<{ readonly kind: Kind } & ValuesOf<Fields>>;

/** The event that a descriptor describes. */
export type EventOf<D> = D extends EventKind<infer Kind, infer Fields> ? EventWith<Kind, Fields> : never;

/**
 * Where the event belongs among the records of its socket: before the first message, with the messages that it is about,
 * after the last received or the last sent one, or after everything.
 */
type Place = 'before-messages' | 'with-messages' | 'after-received' | 'after-sent' | 'last';

/** The parts of a descriptor that do not depend on its fields. */
interface EventFacts<Kind extends string> {
  readonly kind: Kind;
  /** The code in the session file, from 16. Codes are never used again. */
  readonly code: number;
  /** What happened, for the documentation of the session file. */
  readonly help: string;
  /** The emphasis of its row. */
  readonly level?: 'warning' | 'problem';
  /** A session counts it as a problem. */
  readonly isProblem?: true;
  /** It can be the first event of a socket: of one in this role. */
  readonly firstOf?: 'listener' | 'accepted' | 'outgoing';
  readonly place?: Place;
  /** A WebSocket library makes the call as a part of its handshake: on any socket, or on outgoing ones only. */
  readonly handshakePart?: 'any' | 'outgoing';
}

/** The parts of a descriptor that take the event. */
interface EventActions<Event> {
  /** Returns the event as one sentence. */
  text(event: Event): string;
  /** Returns the sentence for a connection that was only observed, where it differs: with the side that acted. */
  observed?(event: Event, socket: SocketFacts): string | undefined;
  /** Returns true where the event is about the framing, and does not apply to the stream with another framing. */
  isAboutFraming?(event: Event): boolean;
  /** Returns what changes in the state of the socket. */
  changes?(event: Event, state: SocketState): Partial<SocketState>;
  /** Returns the calls that it stands for, in Python. `request`: the lines of a WebSocket's HTTP request, where known. */
  calls(event: Event, socket: SocketFacts | undefined, request: readonly string[]): readonly ExplainedCall[];
}

/**
 * One kind of event: its file and its line in the catalogue are all there is to add. The type, the parser, the schema of the
 * contract, the code, the sentence, the state, the calls, the filter's list and the tables of the docs derive from it.
 */
interface EventKind<Kind extends string, Fields extends FieldMap>
  extends EventFacts<Kind>,
    EventActions<EventWith<Kind, Fields>> {
  readonly fields: Fields;
}

/** A descriptor among others: `Event` is any of theirs. */
export interface AnyEventKind<Kind extends string, Event> extends EventFacts<Kind>, EventActions<Event> {
  readonly fields: FieldMap;
}

/** Declares a kind of event: gives the functions the type of its fields. */
export function defineEvent<const Kind extends string, const Fields extends FieldMap>(
  kind: EventKind<Kind, Fields>,
): EventKind<Kind, Fields> {
  return kind;
}
