/** What carries an endpoint's bytes. `wss` is a WebSocket over TLS; `local` is a Unix path or a Windows pipe. */
export const transports = ['tcp', 'tls', 'udp', 'local', 'ws', 'wss'] as const;
export type Transport = (typeof transports)[number];

/** What a transport supports; the page offers nothing else. */
interface Abilities {
  /** Each side can end separately (FIN). */
  readonly halfClose: boolean;
  /** A connection can be aborted (RST). */
  readonly reset: boolean;
  /** It carries messages instead of a stream: there is nothing to frame. */
  readonly messageOriented: boolean;
  /** Its address is a host and a port, not a path. */
  readonly host: boolean;
  /** A server can leave connections in the backlog. A local socket cannot: its path is removed with the listener. */
  readonly backlog: boolean;
}

/** Returns what `transport` supports. */
export function abilitiesOf(transport: Transport): Abilities {
  return {
    halfClose: transport === 'tcp' || transport === 'tls' || transport === 'local',
    reset: transport !== 'udp' && transport !== 'local',
    messageOriented: transport === 'udp' || transport === 'ws' || transport === 'wss',
    host: transport !== 'local',
    backlog: transport !== 'udp' && transport !== 'local',
  };
}

/** Returns true for a stream socket with raw framing: its records are reads and writes, not messages. */
export function isRawStream({
  transport,
  framing,
}: {
  readonly transport: Transport;
  readonly framing: string;
}): boolean {
  return framing === 'raw' && !abilitiesOf(transport).messageOriented;
}

/** Returns true for a transport over TLS. */
export function usesTls(transport: Transport): boolean {
  return transport === 'tls' || transport === 'wss';
}

/** Returns true for a transport whose bytes anyone on the network path can read. */
export function isPlainText(transport: Transport): boolean {
  return !usesTls(transport) && abilitiesOf(transport).host;
}
