import { fail, ok, type Result } from '#shared/failure.ts';
import { parseHostPort } from '#shared/socket/address.ts';
import type { Transport } from '#shared/socket/transports.ts';

/** The options that say what carries the bytes. */
export interface TransportFlags {
  readonly udp?: boolean | undefined;
  readonly tls?: boolean | undefined;
  readonly ws?: boolean | undefined;
  readonly unix?: boolean | undefined;
}

/** Where a server listens or a client connects to, and over what. */
export interface Target {
  readonly transport: Transport;
  /** Empty for a local socket, as the port is 0. */
  readonly host: string;
  readonly port: number;
  /** Of a local socket. */
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

/** What to write where one is asked for, by who asks. */
const spellings = {
  server: 'Write PORT or HOST:PORT: 12345, 127.0.0.1:12345, [::1]:12345.',
  client: 'Write HOST:PORT: 127.0.0.1:12345, [::1]:12345, localhost:12345.',
} as const;

/**
 * Reads the argument of `listen` and `send`: `[HOST:]PORT` (a client's with its host), for `--unix` a path, for `--ws` a
 * path of the request behind it; or any of these behind a scheme, `wss://localhost:8443/chat`, `unix:/run/app.sock`.
 * A server's host is 127.0.0.1 where it is left out. A failure's `message` is for the error output.
 */
export function readTarget(text: string, role: 'server' | 'client', flags: TransportFlags): Result<Target> {
  const scheme = /^([a-z]+):\/\/|^(unix):/i.exec(text)?.slice(1).find(Boolean)?.toLowerCase();
  if (scheme === undefined) return readRest(text, role, transportOf(flags));
  const known = Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined;
  if (!known) {
    return wrong(`“${scheme}” is no scheme here: tcp, tls, udp, ws, wss and unix are.`);
  }
  // `ws://… --tls` is wss; anything else that is said twice has to be the same.
  const allowed: TransportFlags = scheme === 'ws' ? { ...known, tls: true } : known;
  for (const flag of ['udp', 'tls', 'ws', 'unix'] as const) {
    if (flags[flag] && !allowed[flag]) return wrong(`--${flag} cannot be used with ${scheme}:`);
  }
  const rest = text.slice(scheme.length + 1).replace(/^\/\//, '');
  return readRest(rest, role, transportOf({ ...known, ...(flags.tls ? { tls: true } : {}) }));
}

/** The transport that the options name; they do not contradict each other. */
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
  if (text === '') return wrong('Write the path of a socket: /run/app.sock.');
  return ok({ transport: 'local', host: '', port: 0, path: text, wsPath: '/' });
}

function readWebSocket(text: string, role: 'server' | 'client', transport: 'ws' | 'wss'): Result<Target> {
  const at = text.search(/[/?]/);
  const address = at < 0 ? text : text.slice(0, at);
  const rest = at < 0 ? '/' : text.slice(at);
  const wsPath = rest.startsWith('?') ? `/${rest}` : rest;
  // RFC 6455, section 3: no fragment; and what an HTTP request line cannot hold.
  if (!/^[!"$-~]*$/.test(wsPath))
    return wrong('The path of a WebSocket holds no “#”, no spaces and only ASCII: /chat?room=1.');
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
    return wrong('A host has no user name and password. A WebSocket takes them as --header "Authorization: Basic …".');
  const defaultHost = role === 'server' ? '127.0.0.1' : undefined;
  const found = parseHostPort(text, defaultHost) ?? withPort(text, defaultPort);
  // A client's empty host (`:80`) is none.
  if (!found) return wrong(spellings[role]);
  const { host, port } = found;
  const lowest = role === 'server' ? 0 : 1;
  if (port < lowest || port > 65_535) return wrong(`${port} is no port here: a port is ${lowest} to 65535.`);
  if (host.length > 255) return wrong('A host has at most 255 characters.');
  return ok({ transport, host, port, path: '', wsPath });
}

/** `localhost` and `[::1]` alone, where the scheme has a port of its own. */
function withPort(text: string, port: number | undefined): { host: string; port: number } | undefined {
  return port === undefined || /^\d*$/.test(text) ? undefined : parseHostPort(`${text}:${port}`);
}

function wrong(message: string): Result<never> {
  return fail('bad-input', message);
}
