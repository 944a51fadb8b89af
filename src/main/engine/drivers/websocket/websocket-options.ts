import type { Limits } from '#shared/endpoint/endpoint-config.ts';

/** How long the closing handshake may take before the connection is given up. */
export const closeGraceMs = 2_000;

/** Answers to pings that may wait, 131 bytes each: more than one read can ask for, so that a mere burst is answered. */
export const maxPendingPongs = 16_384;

/** Bytes of an HTTP request's or answer's headers. */
export const maxHeaderBytes = 16_384;

/**
 * The options of `ws` that clients and servers share. Compression (permessage-deflate, RFC 7692) is off: the bytes that are
 * shown are then those of the messages and, but for the mask, those on the wire.
 */
export function sharedOptions({ maxMessage }: Limits) {
  return {
    perMessageDeflate: false,
    maxPayload: maxMessage,
    closeTimeout: closeGraceMs,
    maxPendingAutoPongs: maxPendingPongs,
  };
}
