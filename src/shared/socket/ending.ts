import { assertNever } from '../assert-never.ts';
import type { SocketState } from './state.ts';
import type { CloseCause, SocketCall } from './terms.ts';
import { abilitiesOf, type Transport } from './transports.ts';

/** How a socket has ended, as its terminal event says. */
export interface Ending {
  readonly cause: CloseCause;
  /** The POSIX name of what the system said, and of which call, where it ended by a failure. */
  readonly errno?: string | undefined;
  readonly call?: SocketCall | undefined;
  /** Further details, such as the close code of a WebSocket. */
  readonly text?: string | undefined;
}

/** How the socket in `state` has ended; `undefined` while it is open. */
export function endingOf({ cause, errno, call, closeText }: SocketState): Ending | undefined {
  return cause === undefined ? undefined : { cause, errno, call, text: closeText };
}

/**
 * Why a socket has ended, in the words that follow its state's: “closed” goes on with `by the peer (FIN)`, “failed” with
 * `with ECONNREFUSED from connect`. `transport` decides what went over the wire: not each has a FIN and an RST.
 */
export function endingText({ cause, errno, call, text }: Ending, transport: Transport): string {
  const system = errno !== undefined && call !== undefined ? `${errno} from ${call}` : errno;
  const { halfClose, reset } = abilitiesOf(transport);
  const inParentheses = (...parts: readonly (string | undefined)[]) => {
    const said = parts.filter(Boolean).join(', ');
    return said === '' ? '' : ` (${said})`;
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
      return system === undefined ? (text ?? '') : `with ${[system, text].filter(Boolean).join(', ')}`;
    case 'timeout':
      return `because of a timeout${inParentheses(system, text)}`;
    default:
      return assertNever(cause);
  }
}
