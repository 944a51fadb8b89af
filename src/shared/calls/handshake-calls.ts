import type { SocketInfo } from '../record/record.ts';
import { eventKindOf, type SocketEvent } from '../socket/event.ts';
import type { ExplainedCall } from '../socket/python-words.ts';

/** Returns true for an event of a WebSocket's socket that is a part of its handshake. */
export function isPartOfHandshake({ kind }: SocketEvent, info: SocketInfo | undefined): boolean {
  if (info?.transport !== 'ws' && info?.transport !== 'wss') return false;
  const { handshakePart } = eventKindOf(kind);
  return handshakePart === 'any' || (handshakePart === 'outgoing' && info.role === 'outgoing');
}

/** Marks a call as made by the WebSocket library: a program that made it too would connect twice. */
export function partOfHandshake({ call, explains }: ExplainedCall, info: SocketInfo | undefined): ExplainedCall {
  const maker = info?.role === 'accepted' ? 'serve()' : 'connect()';
  return { call: `# ${call}`, explains: `${explains} ${maker} of websockets makes this call.` };
}
