import { assertNever } from '../assert-never.ts';
import { callName } from './errno.ts';
import type { SocketState } from './state.ts';
import type { CloseCause, SocketCall } from './terms.ts';
import { abilitiesOf, type Transport } from './transports.ts';

/** How a socket has ended, as its terminal event says. */
export interface Ending {
  readonly cause: CloseCause;
  /** The POSIX name of the error and the call that failed, where a failure ended it. */
  readonly errno?: string | undefined;
  readonly call?: SocketCall | undefined;
  /** Details, such as the close code of a WebSocket. */
  readonly text?: string | undefined;
}

/** Returns how the socket in `state` has ended; `undefined` while it is open. */
export function endingOf({ cause, errno, call, closeText }: SocketState): Ending | undefined {
  return cause === undefined ? undefined : { cause, errno, call, text: closeText };
}

/**
 * Returns why a socket has ended, as the continuation of its state's word: “closed” `by the peer (FIN)`, “failed”
 * `in connect(): ECONNREFUSED`. `transport` determines whether a FIN or an RST was sent.
 */
export function endingText({ cause, errno, call, text }: Ending, transport: Transport): string {
  const system = errno !== undefined && call !== undefined ? `${callName(call)}: ${errno}` : errno;
  const { halfClose, reset } = abilitiesOf(transport);
  const inParentheses = (...parts: readonly (string | undefined)[]) => {
    const details = parts.filter(Boolean).join(', ');
    return details === '' ? '' : ` (${details})`;
  };
  switch (cause) {
    case 'local':
      return `locally${inParentheses(system, text)}`;
    case 'peer':
      return `by the peer${inParentheses(halfClose ? 'FIN' : '', system, text)}`;
    case 'stopped':
      return `because the server was stopped${inParentheses(system, text)}`;
    case 'reset-by-us':
      return `locally${inParentheses(reset ? 'RST' : '', text)}`;
    case 'reset-by-peer':
      return `by the peer${inParentheses(reset ? 'RST' : '', system, text)}`;
    case 'failed':
      if (system === undefined) return text ?? '';
      return `${call === undefined ? 'with' : 'in'} ${[system, text].filter(Boolean).join(', ')}`;
    case 'timeout':
      return `because a time limit expired${inParentheses(system, text)}`;
    default:
      return assertNever(cause);
  }
}
