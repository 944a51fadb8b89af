import type { SocketInfo } from '../record/record.ts';
import { addressOf, bytesText, type ExplainedCall, receive, tuple, variableOf } from '../socket/python-words.ts';

/** One read of a socket, as far as it brought bytes of a message. */
export interface MessageRead {
  /** Bytes of the whole read. */
  readonly whole: number;
  /** Where the bytes of the message begin in the read, and how many they are. */
  readonly start: number;
  readonly length: number;
}

/** A message that the end of its stream cut off: how long it says that it is, 0 where it does not say. */
interface CutOff {
  readonly whole: number;
}

/** More reads of a message than these are counted, not listed. */
const maxListed = 8;

/** The calls with which a message of `length` bytes was sent. */
export function sentCalls(length: number, info: SocketInfo | undefined): ExplainedCall[] {
  const socket = variableOf(info);
  switch (info?.transport) {
    case 'udp':
      return [
        isConnected(info)
          ? {
              call: `${socket}.send(data)  # ${bytesText(length)}`,
              explains: `Sends one datagram to the peer that connect() chose, ${info.peer}. Delivered whole or not at all, with no acknowledgement.`,
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
          explains: 'Sends one WebSocket message: a library puts it into frames and hands those to sendall().',
        },
      ];
    default:
      return [
        {
          call: `${socket}.sendall(data)  # ${bytesText(length)}`,
          explains:
            'Hands the bytes to the kernel, which sends them in its own time and its own pieces. send() may take only a part and says how much; sendall() goes on until all are taken.',
        },
      ];
  }
}

/** The calls with which a message of `length` bytes was received; `reads` brought it, empty where that is not known. */
export function receivedCalls(
  length: number,
  info: SocketInfo | undefined,
  reads: readonly MessageRead[],
  cutOff?: CutOff,
): ExplainedCall[] {
  const socket = variableOf(info);
  switch (info?.transport) {
    case 'udp':
      return [
        isConnected(info)
          ? {
              call: `data = ${socket}.recv(65535)  # ${bytesText(length)}`,
              explains: `recv() returns exactly one datagram. connect() lets datagrams of ${info.peer} alone through.`,
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
          explains: 'One WebSocket message: a library has put it together from the frames that recv() returned.',
        },
      ];
    default:
      return streamCalls(socket, length, info?.framing ?? 'raw', reads, cutOff);
  }
}

/** True of a UDP socket that has called connect(). */
function isConnected({ role, unconnected }: SocketInfo): boolean {
  return role === 'outgoing' && unconnected !== true;
}

function streamCalls(
  socket: string,
  length: number,
  framing: string,
  reads: readonly MessageRead[],
  cutOff: CutOff | undefined,
): ExplainedCall[] {
  if (framing === 'raw') {
    return [
      {
        call: `data = ${receive(socket, length)}  # ${bytesText(length)}`,
        explains:
          'TCP has no messages: one recv() returns whatever has arrived, which may be a part of what the peer sent, or several sends at once.',
      },
    ];
  }
  const ended = cutOff && endedText(length, cutOff);
  const [first] = reads;
  if (!first) {
    return [
      {
        call: `data = ${receive(socket, length)}`,
        explains: `${ended ?? `The framing “${framing}” took this message of ${bytesText(length)} from the stream.`} Its reads were not recorded: one recv() may return a part of a message or several.`,
      },
    ];
  }
  const calls = reads.slice(0, maxListed).map(({ whole }, index): ExplainedCall => {
    const call = `data ${index === 0 ? '=' : '+='} ${receive(socket, whole)}  # ${bytesText(whole)}`;
    return { call, explains: index === 0 ? readText(reads, cutOff !== undefined) : 'Adds what has arrived meanwhile.' };
  });
  if (reads.length > maxListed) {
    const more = reads.slice(maxListed).reduce((sum, { whole }) => sum + whole, 0);
    const call = `# … and ${reads.length - maxListed} more recv() of ${bytesText(more)} in all`;
    calls.push({ call, explains: 'Adds what has arrived meanwhile.' });
  }
  if (ended !== undefined)
    return [...calls, { call: `# recv() returns b'' before the message is complete`, explains: ended }];
  const explains = `The framing “${framing}” takes the message of ${bytesText(length)} from what was received.`;
  const { start } = first;
  return [...calls, { call: `message = data[${start}:${start + length}]  # ${bytesText(length)}`, explains }];
}

function endedText(length: number, { whole }: CutOff): string {
  return whole > length
    ? `The stream ended after ${length} of ${bytesText(whole)}.`
    : `The stream ended after ${bytesText(length)} of a message: its end did not come.`;
}

function readText(reads: readonly MessageRead[], isCutOff: boolean): string {
  if (isCutOff) return 'One recv() returns what has arrived: here a part of a message that never became complete.';
  if (reads.length > 1) return 'One recv() returns what has arrived: here only a part of the message.';
  const [only] = reads;
  if (!only || only.whole === only.length) return 'One recv() returns what has arrived: here this message.';
  return 'One recv() returns what has arrived: here this message and bytes of others.';
}
