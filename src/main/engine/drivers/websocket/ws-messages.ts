/** The messages of the library `ws` for an answer whose subprotocol was not offered, or is missing (RFC 6455, section 4.1). */
const subprotocolMessages: ReadonlySet<string> = new Set([
  'Server sent a subprotocol but none was requested',
  'Server sent an invalid subprotocol',
  'Server sent no subprotocol',
]);

/**
 * Returns a code for `message`, of an error with which `ws` ended a client's handshake: `ws` has no codes for invalid answers, such as
 * a wrong Sec-WebSocket-Accept or subprotocol.
 */
export function codeOfWsMessage(message: string): 'WS_ERR_SUBPROTOCOL' | 'WS_ERR_HANDSHAKE' {
  return subprotocolMessages.has(message) ? 'WS_ERR_SUBPROTOCOL' : 'WS_ERR_HANDSHAKE';
}
