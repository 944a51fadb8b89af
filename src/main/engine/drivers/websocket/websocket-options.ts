/** The time limit of the closing handshake. Milliseconds. */
export const closeGraceMs = 2_000;

/** The maximum number of queued answers to pings, 131 bytes each: more than one read can contain, so that a burst is answered. */
export const maxPendingPongs = 16_384;

/** The maximum number of bytes in the headers of an HTTP request or answer. */
export const maxHeaderBytes = 16_384;

/**
 * Returns the options of `ws` that clients and servers share. Compression (permessage-deflate, RFC 7692) is off, so that the
 * recorded bytes are those of the messages and, except for the mask, those on the wire.
 */
export function sharedOptions({ maxMessage }: { readonly maxMessage: number }) {
  return {
    perMessageDeflate: false,
    maxPayload: maxMessage,
    closeTimeout: closeGraceMs,
    maxPendingAutoPongs: maxPendingPongs,
  };
}
