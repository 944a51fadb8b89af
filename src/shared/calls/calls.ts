import { messageFlags } from '../message/flags.ts';
import type { Row, SocketInfo } from '../record/record.ts';
import { eventKindOf, type SocketEvent } from '../socket/event.ts';
import { addressOf, bytesText, type ExplainedCall, receive, tuple, variableOf } from '../socket/python-words.ts';

/** One read of a socket that returned bytes of a message. */
interface MessageRead {
  /** Bytes of the whole read. */
  readonly whole: number;
  /** The offset of the message's bytes in the read, and their number. */
  readonly start: number;
  readonly length: number;
}

/** A message that the stream ended within. */
interface Incomplete {
  /** The length that the message declares; 0 where it declares none. */
  readonly whole: number;
}

/** The maximum number of reads of a message that are listed; the others are counted. */
const maxListed = 8;

/** Returns the calls that sent a message of `length` bytes. */
function sentCalls(length: number, info: SocketInfo | undefined): ExplainedCall[] {
  const socket = variableOf(info);
  switch (info?.transport) {
    case 'udp':
      return [
        isConnected(info)
          ? {
              call: `${socket}.send(data)  # ${bytesText(length)}`,
              explains: `Sends one datagram to the peer set by connect(), ${info.peer}. Delivered whole or not at all, with no acknowledgement.`,
            }
          : {
              call: `${socket}.sendto(data, ${tuple(addressOf(info.peer))})  # ${bytesText(length)}`,
              explains: 'Sends one datagram. Delivered whole or not at all, with no acknowledgement.',
            },
      ];
    case 'ws':
    case 'wss':
      return [
        {
          call: `websocket.send(data)  # ${bytesText(length)}`,
          explains: 'Sends one WebSocket message: the library splits it into frames and passes them to sendall().',
        },
      ];
    default:
      return [
        {
          call: `${socket}.sendall(data)  # ${bytesText(length)}`,
          explains:
            'Passes the bytes to the kernel, which decides when and in which segments to send them. send() may accept only some of the bytes and returns their number; sendall() repeats until all are accepted.',
        },
      ];
  }
}

/** Returns the calls that received a message of `length` bytes. `reads` returned its bytes; empty where they are not known. */
function receivedCalls(
  length: number,
  info: SocketInfo | undefined,
  reads: readonly MessageRead[],
  incomplete?: Incomplete,
): ExplainedCall[] {
  const socket = variableOf(info);
  switch (info?.transport) {
    case 'udp':
      return [
        isConnected(info)
          ? {
              call: `data = ${socket}.recv(65535)  # ${bytesText(length)}`,
              explains: `recv() returns exactly one datagram. After connect(), the socket receives datagrams from ${info.peer} only.`,
            }
          : {
              call: `data, address = ${socket}.recvfrom(65535)  # ${bytesText(length)}`,
              explains: `recvfrom() returns exactly one datagram and the sender’s address: ${info.peer}.`,
            },
      ];
    case 'ws':
    case 'wss':
      return [
        {
          call: `data = websocket.recv()  # ${bytesText(length)}`,
          explains: 'One WebSocket message: the library has assembled it from the frames that recv() returned.',
        },
      ];
    default:
      return streamCalls(socket, length, info?.framing ?? 'raw', reads, incomplete);
  }
}

/** Returns true for a UDP socket that has called connect(). */
function isConnected({ role, unconnected }: SocketInfo): boolean {
  return role === 'outgoing' && unconnected !== true;
}

function streamCalls(
  socket: string,
  length: number,
  framing: string,
  reads: readonly MessageRead[],
  incomplete: Incomplete | undefined,
): ExplainedCall[] {
  if (framing === 'raw') {
    return [
      {
        call: `data = ${receive(socket, length)}  # ${bytesText(length)}`,
        explains:
          'TCP has no messages: one recv() returns the bytes received so far, which may be a part of one send() or the bytes of several.',
      },
    ];
  }
  const ended = incomplete && endedText(length, incomplete);
  const [first] = reads;
  if (!first) {
    return [
      {
        call: `data = ${receive(socket, length)}`,
        explains: `${ended ?? `The framing “${framing}” extracted this message of ${bytesText(length)} from the stream.`} Its reads were not recorded: one recv() may return a part of a message or several messages.`,
      },
    ];
  }
  const calls = reads.slice(0, maxListed).map(({ whole }, index): ExplainedCall => {
    const call = `data ${index === 0 ? '=' : '+='} ${receive(socket, whole)}  # ${bytesText(whole)}`;
    return { call, explains: index === 0 ? readText(reads, incomplete !== undefined) : appends };
  });
  if (reads.length > maxListed) {
    const more = reads.slice(maxListed).reduce((sum, { whole }) => sum + whole, 0);
    const call = `# … and ${reads.length - maxListed} more recv() of ${bytesText(more)} in all`;
    calls.push({ call, explains: appends });
  }
  if (ended !== undefined)
    return [...calls, { call: `# recv() returns b'' before the message is complete`, explains: ended }];
  const explains = `The framing “${framing}” extracts the message of ${bytesText(length)} from the received bytes.`;
  const { start } = first;
  return [...calls, { call: `message = data[${start}:${start + length}]  # ${bytesText(length)}`, explains }];
}

const appends = 'Appends the bytes received since.';

function endedText(length: number, { whole }: Incomplete): string {
  return whole > length
    ? `The stream ended after ${length} of ${bytesText(whole)}.`
    : `The stream ended after ${bytesText(length)} of a message, before its end.`;
}

function readText(reads: readonly MessageRead[], isIncomplete: boolean): string {
  if (isIncomplete)
    return 'recv() returns the bytes received so far: here, a part of a message that was never completed.';
  if (reads.length > 1) return 'recv() returns the bytes received so far: here, only a part of the message.';
  const [only] = reads;
  if (!only || only.whole === only.length) return 'recv() returns the bytes received so far: here, this message.';
  return 'recv() returns the bytes received so far: here, this message and bytes of others.';
}

/** Returns true for an event of a WebSocket's socket that is a part of its handshake. */
function isPartOfHandshake({ kind }: SocketEvent, info: SocketInfo | undefined): boolean {
  if (info?.transport !== 'ws' && info?.transport !== 'wss') return false;
  const { handshakePart } = eventKindOf(kind);
  return handshakePart === 'any' || (handshakePart === 'outgoing' && info.role === 'outgoing');
}

/** Marks a call as made by the WebSocket library: a program that made it too would connect twice. */
function partOfHandshake({ call, explains }: ExplainedCall, info: SocketInfo | undefined): ExplainedCall {
  const maker = info?.role === 'accepted' ? 'serve()' : 'connect()';
  return { call: `# ${call}`, explains: `${explains} ${maker} of websockets makes this call.` };
}

/**
 * Returns the calls that a record stands for, as Python's `socket` module names them. Wirebench makes the same system
 * calls through libuv. Pure; `info` is undefined where the socket is not known.
 */
export function callsOf(
  row: Pick<Row, 'kind' | 'length' | 'event'> & Partial<Pick<Row, 'flags'>>,
  info: SocketInfo | undefined,
  { reads = [], whole = 0, request = [] }: CallFacts = {},
): readonly ExplainedCall[] {
  const isIncomplete = ((row.flags ?? 0) & messageFlags.incomplete) !== 0;
  if (row.kind === 'in') return receivedCalls(row.length, info, reads, isIncomplete ? { whole } : undefined);
  if (row.kind === 'out') return sentCalls(row.length, info);
  if (!row.event) return [];
  const calls = eventKindOf(row.event.kind).calls(row.event, info, request);
  return isPartOfHandshake(row.event, info) ? calls.map((call) => partOfHandshake(call, info)) : calls;
}

/** What is known of a record beside its row. */
interface CallFacts {
  /** The reads that brought a received message, in order. */
  readonly reads?: readonly MessageRead[];
  /** The length that an incomplete message declares; 0 where it declares none. */
  readonly whole?: number;
  /** The lines of the request with which a WebSocket's handshake began. */
  readonly request?: readonly string[];
}
