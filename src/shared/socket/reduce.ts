import { eventKindOf, type SocketEvent } from './event.ts';
import type { SocketState } from './state.ts';

/** Returns the state after `event`. Pure; a socket that is closed stays as it is, whichever event follows. */
export function reduce(state: SocketState, event: SocketEvent): SocketState {
  if (state.cause !== undefined) return state;
  const changes = eventKindOf(event.kind).changes?.(event, state);
  return changes === undefined ? state : { ...state, ...changes };
}
