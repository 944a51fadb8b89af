import { assertNever } from '../assert-never.ts';
import { messageFlags } from '../message/flags.ts';
import type { Row, SocketInfo } from '../record/record.ts';
import type { SocketEvent } from '../socket/event.ts';
import { closedCalls, failedCall } from './ending-calls.ts';
import { isPartOfHandshake, partOfHandshake, securedCall, upgradedCalls } from './handshake-calls.ts';
import { type MessageRead, receivedCalls, sentCalls } from './message-calls.ts';
import {
  acceptedCall,
  boundCalls,
  connectingCalls,
  listeningCalls,
  openedCall,
  peerAddedCall,
  resolvedCall,
  waitingCall,
} from './opening-calls.ts';
import { type ExplainedCall, receive, variableOf } from './python-words.ts';

/** What is known of a record apart from its row. */
interface CallFacts {
  /** The reads that returned bytes of a received message, in order. */
  readonly reads?: readonly MessageRead[];
  /** The length that an incomplete message declares; 0 where it declares none. */
  readonly whole?: number;
  /** The lines of the request with which a WebSocket's handshake began. */
  readonly request?: readonly string[];
}

/**
 * Returns the calls that a record stands for, as Python's `socket` module names them. Wirebench makes the same system
 * calls through libuv. Pure; `info` is undefined where the socket is not known.
 */
export function callsOf(
  row: Pick<Row, 'kind' | 'length' | 'event'> & Partial<Pick<Row, 'flags'>>,
  info: SocketInfo | undefined,
  { reads = [], whole = 0, request = [] }: CallFacts = {},
): ExplainedCall[] {
  const isIncomplete = ((row.flags ?? 0) & messageFlags.incomplete) !== 0;
  if (row.kind === 'in') return receivedCalls(row.length, info, reads, isIncomplete ? { whole } : undefined);
  if (row.kind === 'out') return sentCalls(row.length, info);
  if (!row.event) return [];
  if (row.event.kind === 'upgraded') return upgradedCalls(row.event, info, request);
  const calls = eventCalls(row.event, variableOf(info), info);
  return isPartOfHandshake(row.event, info) ? calls.map((call) => partOfHandshake(call, info)) : calls;
}

function eventCalls(event: SocketEvent, socket: string, info: SocketInfo | undefined): ExplainedCall[] {
  switch (event.kind) {
    case 'listening':
      return listeningCalls(event, socket, info);
    case 'resolved':
      return [resolvedCall(event)];
    case 'connecting':
      return connectingCalls(event, socket, info);
    case 'accepted':
      return [acceptedCall(event)];
    case 'opened':
      return [openedCall(event, socket, info)];
    case 'bound':
      return boundCalls(event, socket, info);
    case 'peer-added':
      return [peerAddedCall(event, socket)];
    case 'waiting':
      return [waitingCall(event)];
    case 'secured':
      return [securedCall(event, socket, info)];
    case 'upgraded':
      return upgradedCalls(event, info, []);
    case 'failed':
      return [failedCall(event, socket, info)];
    case 'closed':
      return closedCalls(event, socket);
    default:
      return [transferCall(event, socket, info)];
  }
}

/** The events of a socket between its opening and its end. */
type TransferEvent = Extract<
  SocketEvent,
  {
    readonly kind:
      | 'http'
      | 'control'
      | 'reframed'
      | 'malformed'
      | 'shutdown'
      | 'ended'
      | 'paused'
      | 'resumed'
      | 'limited'
      | 'problem';
  }
>;

function transferCall(event: TransferEvent, socket: string, info: SocketInfo | undefined): ExplainedCall {
  switch (event.kind) {
    case 'http':
      return {
        call: event.way === 'sent' ? `${socket}.sendall(request)` : `answer = ${socket}.recv(65536)`,
        explains: `${event.way === 'sent' ? 'Sends' : 'Receives'} an HTTP message of the WebSocket handshake: ${event.lines[0] ?? ''}.`,
      };
    case 'control':
      return {
        call: event.way === 'sent' ? `websocket.${event.frame}()` : '# no call',
        explains:
          event.frame === 'ping'
            ? 'A ping requests a pong from the other side. WebSocket libraries answer it automatically.'
            : 'A pong returns the bytes of a ping: the connection is alive.',
      };
    case 'reframed': {
      const explains = `From here on, the framing “${event.framing}” splits the stream into messages. The bytes are the same.`;
      return { call: '# no call', explains };
    }
    case 'malformed': {
      const bytes = event.way === 'sent' ? 'passed to send()' : 'returned by recv()';
      return {
        call: '# no call',
        explains: `The bytes ${bytes} do not follow the framing “${event.framing}”: ${event.text}.`,
      };
    }
    case 'shutdown':
      return {
        call: `${socket}.shutdown(socket.SHUT_WR)`,
        explains: 'Sends a FIN: this side sends no more bytes but still receives. The peer’s recv() returns b"".',
      };
    case 'ended':
      return {
        call: `${receive(socket, 0)}  # b''`,
        explains: 'The peer has sent its FIN and sends no more bytes. recv() reports this with an empty bytes object.',
      };
    case 'paused':
      return pausedCall(event, info);
    case 'resumed':
      return resumedCall(socket, info);
    case 'limited':
      return { call: `# no call: limit ${event.limit}`, explains: event.text };
    case 'problem':
      return { call: '# no call: a problem in Wirebench', explains: event.text };
    default:
      return assertNever(event);
  }
}

function pausedCall({ reason }: Extract<SocketEvent, { kind: 'paused' }>, info: SocketInfo | undefined): ExplainedCall {
  if (isListener(info)) return { call: '# accept() is not called for now', explains: `${reason}.` };
  return {
    call: '# recv() is not called for now',
    explains: `${reason}. The kernel’s receive buffer fills up, the TCP window closes, and the sender has to wait.`,
  };
}

function resumedCall(socket: string, info: SocketInfo | undefined): ExplainedCall {
  if (!isListener(info)) return { call: `data = ${receive(socket, 0)}`, explains: 'Reading continues.' };
  const explains = 'Accepting continues: each call returns one connection from the backlog.';
  return { call: `connection, client_address = ${socket}.accept()`, explains };
}

/** Returns true for a socket on which a pause stops accept(): it has nothing to read. */
function isListener(info: SocketInfo | undefined): boolean {
  return info?.role === 'listener' && info.transport !== 'udp';
}
