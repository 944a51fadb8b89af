import { socketEvents } from './events/catalogue.ts';
import { type AnyEventKind, type EventOf, type FieldValues, readFields } from './events/event-kind.ts';
import type { SocketState } from './state.ts';

/**
 * An event of a socket, which is anything that happens to it beside messages. Exactly one `closed` ends each socket. An
 * outgoing socket may have several pairs of `connecting` and `failed`: one for each address that its name resolved to.
 */
export type SocketEvent = EventOf<(typeof socketEvents)[number]>;
export type SocketEventKind = SocketEvent['kind'];

/** The descriptor of one kind, used with the events of that kind only. */
type Descriptor = AnyEventKind<SocketEventKind, SocketEvent>;

/** Every kind of event, in the order of the catalogue. */
export const eventKinds: readonly Descriptor[] = socketEvents as readonly unknown[] as readonly Descriptor[];

const byKind = new Map<string, Descriptor>(eventKinds.map((descriptor) => [descriptor.kind, descriptor]));

/** Returns the descriptor of a kind of event. */
export function eventKindOf(kind: SocketEventKind): Descriptor {
  const descriptor = byKind.get(kind);
  if (!descriptor) throw new Error(`no event of the kind ${kind}`);
  return descriptor;
}

/** Returns true where `kind` is a kind of event, in what anyone may have written. */
export function isEventKind(kind: unknown): kind is SocketEventKind {
  return typeof kind === 'string' && byKind.has(kind);
}

/** Returns the event of `kind` with these fields, or `undefined` where one that it needs is missing. Never throws. */
export function readEvent(kind: SocketEventKind, fields: FieldValues): SocketEvent | undefined {
  const values = readFields(eventKindOf(kind).fields, fields);
  return values && ({ kind, ...values } as SocketEvent);
}

/** Returns the state after `event`. Pure; a socket that is closed stays as it is, whichever event follows. */
export function reduce(state: SocketState, event: SocketEvent): SocketState {
  if (state.cause !== undefined) return state;
  const changes = eventKindOf(event.kind).changes?.(event, state);
  return changes === undefined ? state : { ...state, ...changes };
}
