import { eventKindOf, type SocketEvent } from '../socket/event.ts';
import { isObserved, type SocketFacts } from '../socket/socket-facts.ts';

/**
 * Returns an event as one sentence in the words of the socket calls, as the table and exports show it. A connection that was
 * only observed (`socket`) has no own side: its sentence names the address of the side that acted.
 */
export function describeEvent(event: SocketEvent, socket?: SocketFacts): string {
  const kind = eventKindOf(event.kind);
  const isNamed = socket && isObserved(socket) && socket.local !== '' && socket.peer !== '';
  return (isNamed ? kind.observed?.(event, socket) : undefined) ?? kind.text(event);
}
