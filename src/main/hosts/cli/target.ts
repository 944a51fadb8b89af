import { fail, ok, type Result } from '#shared/failure.ts';
import { parseHostPort } from '#shared/socket/address.ts';
import type { Transport } from '#shared/socket/transports.ts';

/** The options that select the transport. */
export interface TransportFlags {
  readonly udp?: boolean | undefined;
  readonly tls?: boolean | undefined;
  readonly ws?: boolean | undefined;
  readonly unix?: boolean | undefined;
}

/** The address and transport of a server or a client. */
export interface Target {
  readonly transport: Transport;
  /** Empty for a local socket, whose port is 0. */
  readonly host: string;
  readonly port: number;
  /** The path of a local socket. */
  readonly path: string;
  /** The path and query of a WebSocket. */
  readonly wsPath: string;
}

const schemes: Readonly<Record<string, TransportFlags>> = {
  tcp: {},
  tls: { tls: true },
  udp: { udp: true },
  ws: { ws: true },
  wss: { ws: true, tls: true },
  unix: { unix: true },
};

/** How to write an address, by role. */
const usage = {
  server: 'Use PORT or HOST:PORT, for example 12345, 127.0.0.1:12345 or [::1]:12345.',
  client: 'Use HOST:PORT, for example 127.0.0.1:12345, [::1]:12345 or localhost:12345.',
} as const;

/**
 * Reads the address argument of `listen` and `send`: `[HOST:]PORT`, of a client `HOST:PORT`; with `--unix` a path; with
 * `--ws` also the path of the request. All of these can have a scheme: `wss://localhost:8443/chat`, `unix:/run/app.sock`.
 * The default host of a server is 127.0.0.1. The `message` of a failure is a sentence for the error output.
 */
export function readTarget(text: string, role: 'server' | 'client', flags: TransportFlags): Result<Target> {
  const scheme = /^([a-z]+):\/\/|^(unix):/i.exec(text)?.slice(1).find(Boolean)?.toLowerCase();
  if (scheme === undefined) return readRest(text, role, transportOf(flags));
  const known = Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined;
  if (!known) {
    return wrong(`Unknown scheme “${scheme}”: use tcp, tls, udp, ws, wss or unix.`);
  }
  // `ws://… --tls` is wss; in all other cases the options must match the scheme.
  const allowed: TransportFlags = scheme === 'ws' ? { ...known, tls: true } : known;
  for (const flag of ['udp', 'tls', 'ws', 'unix'] as const) {
    if (flags[flag] && !allowed[flag]) return wrong(`--${flag} cannot be used with ${scheme}:`);
  }
  const rest = text.slice(scheme.length + 1).replace(/^\/\//, '');
  return readRest(rest, role, transportOf({ ...known, ...(flags.tls ? { tls: true } : {}) }));
}

/** Returns the transport of the options, which do not conflict. */
function transportOf({ udp, tls, ws, unix }: TransportFlags): Transport {
  if (udp) return 'udp';
  if (unix) return 'local';
  if (ws) return tls ? 'wss' : 'ws';
  return tls ? 'tls' : 'tcp';
}

function readRest(text: string, role: 'server' | 'client', transport: Transport): Result<Target> {
  if (transport === 'local') return readPath(text);
  if (transport === 'ws' || transport === 'wss') return readWebSocket(text, role, transport);
  return readAddress(text, role, transport, '/', undefined);
}

function readPath(text: string): Result<Target> {
  if (text === '') return wrong('The path of the socket is missing. Example: /run/app.sock.');
  return ok({ transport: 'local', host: '', port: 0, path: text, wsPath: '/' });
}

function readWebSocket(text: string, role: 'server' | 'client', transport: 'ws' | 'wss'): Result<Target> {
  const at = text.search(/[/?]/);
  const address = at < 0 ? text : text.slice(0, at);
  const rest = at < 0 ? '/' : text.slice(at);
  const wsPath = rest.startsWith('?') ? `/${rest}` : rest;
  // RFC 6455, section 3 allows no fragment, and an HTTP request line neither spaces nor control characters.
  if (!/^[!"$-~]*$/.test(wsPath))
    return wrong('The path of a WebSocket must be ASCII without “#” or spaces, for example /chat?room=1.');
  return readAddress(address, role, transport, wsPath, transport === 'ws' ? 80 : 443);
}

function readAddress(
  text: string,
  role: 'server' | 'client',
  transport: Transport,
  wsPath: string,
  defaultPort: number | undefined,
): Result<Target> {
  if (text.includes('@'))
    return wrong(
      'The address cannot contain a user name and password. For WebSocket, use --header "Authorization: Basic …".',
    );
  const defaultHost = role === 'server' ? '127.0.0.1' : undefined;
  const found = parseHostPort(text, defaultHost) ?? withPort(text, defaultPort);
  if (!found) return wrong(usage[role]);
  const { host, port } = found;
  const lowest = role === 'server' ? 0 : 1;
  if (port < lowest || port > 65_535) return wrong(`Invalid port ${port}: it must be ${lowest}–65535.`);
  if (host.length > 255) return wrong('The host must have at most 255 characters.');
  return ok({ transport, host, port, path: '', wsPath });
}

/** Reads a host without a port, such as `localhost` or `[::1]`, if the scheme has a default port. */
function withPort(text: string, port: number | undefined): { host: string; port: number } | undefined {
  return port === undefined || /^\d*$/.test(text) ? undefined : parseHostPort(`${text}:${port}`);
}

function wrong(message: string): Result<never> {
  return fail('bad-input', message);
}
