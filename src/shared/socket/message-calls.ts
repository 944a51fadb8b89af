import type { SocketInfo } from '../record/record.ts';
import { addressOf, bytesText, type ExplainedCall, tuple } from './python-words.ts';

/** The calls with which a message of `length` bytes was sent. */
export function sentCalls(socket: string, length: number, info: SocketInfo | undefined): ExplainedCall[] {
  switch (info?.transport) {
    case 'udp':
      return [
        {
          call: `server_socket.sendto(data, ${tuple(addressOf(info.peer))})  # ${bytesText(length)}`,
          explains: 'Sends one datagram: it arrives whole or not at all, and nobody says which.',
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

/** The calls with which a message of `length` bytes was received. */
export function receivedCalls(socket: string, length: number, info: SocketInfo | undefined): ExplainedCall[] {
  const framing = info?.framing ?? 'raw';
  switch (info?.transport) {
    case 'udp':
      return [
        {
          call: `data, address = server_socket.recvfrom(65535)  # ${bytesText(length)}`,
          explains: `One recvfrom() returns one datagram, as it was sent, and who sent it: ${info.peer}.`,
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
      return [
        {
          call: `data = ${socket}.recv(1024)  # ${bytesText(length)}`,
          explains:
            framing === 'raw'
              ? 'TCP has no messages: one recv() returns whatever has arrived, which may be a part of what the peer sent, or several sends at once.'
              : `The framing “${framing}” cut this message out of the stream; one recv() may return a part of a message or several.`,
        },
      ];
  }
}
