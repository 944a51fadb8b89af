import { showControls } from '#shared/bytes/text.ts';

/** The code of a connection that ended without a close frame (RFC 6455, section 7.4.1). It is never sent. */
export const abnormalClosure = 1006;

/** The names of the registry of close codes (RFC 6455, section 7.4.1, and IANA's list). */
const names: Readonly<Record<number, string>> = {
  1000: 'normal closure',
  1001: 'going away',
  1002: 'protocol error',
  1003: 'unsupported data',
  1007: 'invalid data',
  1008: 'policy violation',
  1009: 'message too big',
  1010: 'mandatory extension',
  1011: 'internal error',
  1012: 'service restart',
  1013: 'try again later',
  1014: 'bad gateway',
};

/**
 * Returns the content of a close frame as text: “code 1001 going away: reason”. `reason` is the peer's text; control
 * characters in it are replaced with symbols. Code 1005 stands for a frame without a code.
 */
export function closeText(code: number, reason = ''): string {
  if (code === abnormalClosure) return 'no closing handshake (1006)';
  if (code === 1005) return 'a close frame without a code';
  const name = names[code];
  const words = name === undefined ? `code ${code}` : `code ${code} ${name}`;
  return reason === '' ? words : `${words}: ${showControls(reason)}`;
}

/** Returns the close code with which `ws` answers a protocol violation, by the code of its error. */
export function answerTo(errorCode: string): number {
  switch (errorCode) {
    case 'WS_ERR_INVALID_UTF8':
      return 1007;
    case 'WS_ERR_TOO_MANY_BUFFERED_PARTS':
      return 1008;
    case 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH':
    case 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH':
      return 1009;
    default:
      return 1002;
  }
}
