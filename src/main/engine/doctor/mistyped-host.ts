import net from 'node:net';

/** A host that was typed in a way that cannot be meant, and what is probably meant. */
interface Mistyped {
  /** What is wrong with it, as a sentence without a full stop. */
  readonly problem: string;
  /** What to enter instead, as a sentence without a full stop; empty where it cannot be guessed. */
  readonly advice: string;
}

type Sign = (host: string) => Mistyped | undefined;

/** Tried in this order. `host` has no spaces around it. */
const signs: readonly Sign[] = [url, userAndHost, spaces, brackets, hostAndPort, path, badIpv6, badIpv4, nearLocalhost];

/** What is wrong with a host as it was typed; `undefined` where it can be a name or an address. Pure. */
export function mistypedHost(host: string): Mistyped | undefined {
  if (net.isIP(host) !== 0) return undefined;
  for (const sign of signs) {
    const found = sign(host);
    if (found) return found;
  }
  return undefined;
}

function url(host: string): Mistyped | undefined {
  if (!/^[a-z][a-z0-9+.-]{0,20}:\/\//i.test(host)) return undefined;
  const problem = `“${host}” is a URL`;
  const parsed = URL.parse(host);
  // URL leaves the host of a scheme it does not know empty, and drops a port that is the scheme's own.
  const name = parsed?.hostname.replace(/^\[|\]$/g, '') ?? '';
  if (name === '') return { problem, advice: 'Enter the host alone' };
  const port = parsed?.port || schemePorts[parsed?.protocol ?? ''];
  return { problem, advice: port ? `Enter ${name} as host and ${port} as port` : `Enter ${name} as host` };
}

const schemePorts: Readonly<Record<string, string>> = {
  'http:': '80',
  'https:': '443',
  'ws:': '80',
  'wss:': '443',
  'ftp:': '21',
};

function userAndHost(host: string): Mistyped | undefined {
  const match = /^[^@\s]+@([^@\s/]+)$/.exec(host);
  return match ? { problem: `“${host}” has a user in it`, advice: `Enter ${match[1]} as host` } : undefined;
}

function spaces(host: string): Mistyped | undefined {
  if (!/\s/.test(host)) return undefined;
  const packed = host.replace(/\s+/g, '');
  const pair = /^(\S+)\s+(\d{1,5})$/.exec(host);
  if (pair)
    return { problem: `“${host}” has a space in it`, advice: `Enter ${pair[1]} as host and ${pair[2]} as port` };
  return { problem: `“${host}” has a space in it`, advice: `Enter ${packed}, if that is meant` };
}

function brackets(host: string): Mistyped | undefined {
  if (!/[[\]]/.test(host)) return undefined;
  const match = /^\[?([^[\]]+)\]?(?::(\d{1,5}))?$/.exec(host);
  const problem = `“${host}” has brackets, which belong into URLs`;
  if (!match) return { problem, advice: 'Enter the address without them' };
  return { problem, advice: match[2] ? `Enter ${match[1]} as host and ${match[2]} as port` : `Enter ${match[1]}` };
}

function hostAndPort(host: string): Mistyped | undefined {
  const match = /^([^:]+):(\d{1,5})$/.exec(host);
  if (!match) return undefined;
  return { problem: `“${host}” has a port in it`, advice: `Enter ${match[1]} as host and ${match[2]} as port` };
}

function path(host: string): Mistyped | undefined {
  const match = /^([^/\\]*)[/\\]/.exec(host);
  if (!match) return undefined;
  const advice = match[1] ? `Enter ${match[1]} as host` : 'Choose a local socket, or enter a host';
  return { problem: `“${host}” has a path in it`, advice };
}

function badIpv6(host: string): Mistyped | undefined {
  if ((host.match(/:/g) ?? []).length < 2) return undefined;
  const rest = host.replace(/:{3,}/, '::');
  const guess = net.isIPv6(rest)
    ? `Enter ${rest}, if that is meant`
    : 'An IPv6 address has 8 groups of hex digits, or :: once';
  return { problem: `“${host}” is no IPv6 address`, advice: guess };
}

function badIpv4(host: string): Mistyped | undefined {
  // Letters that look like digits, and what is next to the point on a keyboard.
  const guess = host
    .replace(/[lI|]/g, '1')
    .replace(/[oO]/g, '0')
    .replace(/[,;]|\.{2,}/g, '.')
    .replace(/\.$/, '');
  if (!/^[\d.]+$/.test(guess) || !/\d/.test(host)) return undefined;
  const problem = `“${host}” is no IPv4 address`;
  if (net.isIPv4(guess)) return { problem, advice: `Enter ${guess}, if that is meant` };
  const parts = guess.split('.');
  if (parts.some((part) => Number(part) > 255) && parts.length === 4)
    return { problem, advice: 'Each of its numbers is 0 to 255' };
  if (/^127(\.0)*$/.test(guess)) return { problem, advice: 'Enter 127.0.0.1 for this machine' };
  return { problem, advice: 'It has four numbers with points between them, as 127.0.0.1' };
}

function nearLocalhost(host: string): Mistyped | undefined {
  const name = host.toLowerCase();
  if (name === 'localhost' || !isOneSlip(name, 'localhost')) return undefined;
  return { problem: `“${host}” is no name that is known`, advice: 'Enter localhost, if that is meant' };
}

/** One letter too many, missing, wrong, or two that changed places. */
function isOneSlip(typed: string, meant: string): boolean {
  let start = 0;
  while (start < typed.length && typed[start] === meant[start]) start += 1;
  const [left, right] = [typed.slice(start), meant.slice(start)];
  const swapped = right.slice(1, 2) + right.slice(0, 1) + right.slice(2);
  return left.slice(1) === right || left === right.slice(1) || left.slice(1) === right.slice(1) || left === swapped;
}
