/** What carries an endpoint's bytes. `wss` is a WebSocket inside TLS; `local` a Unix path or a Windows pipe. */
export const transports = ['tcp', 'tls', 'udp', 'local', 'ws', 'wss'] as const;
export type Transport = (typeof transports)[number];

/** What a transport can do; the page offers nothing else. */
interface Abilities {
  /** Each side can end alone (FIN). */
  readonly halfClose: boolean;
  /** Both sides can be ended at once (RST). */
  readonly reset: boolean;
  /** It carries messages and not a stream: there is nothing to frame. */
  readonly messageOriented: boolean;
  /** It has a host and a port, not a path. */
  readonly host: boolean;
  /** A server can leave connections in the backlog. A local socket's path goes with the socket that is handed over. */
  readonly backlog: boolean;
}

export function abilitiesOf(transport: Transport): Abilities {
  return {
    halfClose: transport === 'tcp' || transport === 'tls' || transport === 'local',
    reset: transport !== 'udp' && transport !== 'local',
    messageOriented: transport === 'udp' || transport === 'ws' || transport === 'wss',
    host: transport !== 'local',
    backlog: transport !== 'udp' && transport !== 'local',
  };
}

/** Returns true for a socket that carries a stream whose framing is raw: its records are reads and writes, not messages. */
export function isRawStream({
  transport,
  framing,
}: {
  readonly transport: Transport;
  readonly framing: string;
}): boolean {
  return framing === 'raw' && !abilitiesOf(transport).messageOriented;
}

/** True where TLS lies between the socket and the messages. */
export function usesTls(transport: Transport): boolean {
  return transport === 'tls' || transport === 'wss';
}
