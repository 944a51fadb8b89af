/** A message that is sent from memory has at most this many bytes; one from a file may be of any size. */
export const maxSendBytes = 64 * 1_048_576;

/** How many closed sockets of an endpoint are listed: the last ones. The session has all of them. */
export const keptClosed = 50;
/** The most bytes of an incomplete message that are answered at once. */
export const maxWaitingBytes = 16 * 1_024;
/** The most bytes of a WebSocket ping (RFC 6455, section 5.5). */
export const maxPingBytes = 125;
/** The most rows that one `sessions.window` answers. */
export const maxWindowRows = 1_000;
/** The most bytes that one `sessions.payload` answers. */
export const maxPayloadBytes = 4 * 1_048_576;
