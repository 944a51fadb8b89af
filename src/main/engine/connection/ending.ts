import type { Address } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { CloseCause } from '#shared/socket/terms.ts';
import { type CallFailure, causeOf, failedEvent } from '../failures.ts';
import type { MachineEvent } from './step.ts';

/** How much a connection has transferred when it ends, in bytes. */
interface Transferred {
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Bytes of the write in flight: it is not known how many of them the kernel has accepted. */
  readonly inFlight: number;
}

/** Why a connection ends, as far as it is known. */
export class Ending {
  /** The failure that ended the connection, if any. */
  failure: CallFailure | undefined;
  /** True where the user has closed or reset the connection, even after the peer's FIN. */
  byUs = false;
  #cause: CloseCause | undefined;

  /** Keeps a failure, or the cause of a close, a reset or a FIN: the first close or FIN decides. `weFirst`: we had sent our FIN before. */
  keep(event: MachineEvent, weFirst: boolean): void {
    if (event.kind === 'failed' || event.kind === 'handshake-failed') {
      this.failure = event.failure;
    } else if (event.kind === 'reset') {
      this.#cause = 'reset-by-us';
      this.byUs = true;
    } else if (event.kind === 'close') {
      this.#cause ??= event.cause;
      this.byUs ||= event.cause !== 'timeout';
    } else {
      this.#cause ??= weFirst ? 'local' : 'peer';
    }
  }

  /** Returns the last events of the connection. `text`: the reason that the driver gives, if any. */
  events(peer: Address, { inFlight, ...bytes }: Transferred, text: string | undefined): SocketEvent[] {
    const { failure } = this;
    const cause = failure ? causeOf(failure) : (this.#cause ?? 'local');
    return [
      ...(inFlight > 0 ? [inFlightEvent(inFlight)] : []),
      ...(failure ? [failedEvent(failure, peer)] : []),
      { kind: 'closed', cause, errno: failure?.errno, text, ...bytes },
    ];
  }
}

/** Returns the event of a connection that is dropped while `bytes` bytes are queued. */
export function unsentEvent(bytes: number): SocketEvent {
  const text = `${bytes} bytes were not sent: the peer did not receive them before the connection was closed`;
  return { kind: 'limited', limit: 'closeGrace', text };
}

function inFlightEvent(bytes: number): SocketEvent {
  const text = `the connection ended during a write of ${bytes} bytes: it is not known how many of them the system accepted, and they are not recorded as sent`;
  return { kind: 'limited', limit: 'inFlight', text };
}
