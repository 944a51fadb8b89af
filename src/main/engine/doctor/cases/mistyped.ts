import net from 'node:net';
import type { Case, Examination } from '../examination.ts';
import { quoted } from '../words.ts';

/** Finds a host that cannot be correct as typed. The system accepts some of them: it reads `127.0.0` as 127.0.0.0. */
export const mistypedCase: Case = {
  name: 'mistyped host',
  fits: (examination) => examination.transport !== 'local' && (isLookup(examination) || isShortAddress(examination)),
  async examine(examination) {
    const found = mistypedHost(examination.config.host);
    if (!found) return undefined;
    const problem = quoted(found.problem, 200);
    examination.note(`${problem}.`);
    return { code: 'name-not-found', hint: `${problem}. ${quoted(found.advice, 200)}.` };
  },
};

function isLookup({ failure }: Examination): boolean {
  return failure.call === 'getaddrinfo' || failure.errno === 'ENOTFOUND';
}

/** Returns true for digits and dots only, which inet_aton(3) accepts even where they are not an IPv4 address. */
function isShortAddress({ config }: Examination): boolean {
  return /^[\d.]+$/.test(config.host);
}

/** A host that cannot be a name or an address, and what the user probably meant. */
interface Mistyped {
  /** The problem, as a sentence without a full stop. */
  readonly problem: string;
  /** What to enter instead, as a sentence without a full stop. */
  readonly advice: string;
}

type Sign = (host: string) => Mistyped | undefined;

/** Tried in this order. `host` has no spaces around it. */
const signs: readonly Sign[] = [url, userAndHost, spaces, brackets, hostAndPort, path, badIpv6, badIpv4, nearLocalhost];

/** Returns the problem of a host as it was typed; `undefined` where it can be a name or an address. Pure. */
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
  // URL leaves the host of an unknown scheme empty, and drops the default port of a known one.
  const name = parsed?.hostname.replace(/^\[|\]$/g, '') ?? '';
  if (name === '') return { problem, advice: 'Enter only the host' };
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
  return match ? { problem: `“${host}” contains a user name`, advice: `Enter ${match[1]} as host` } : undefined;
}

function spaces(host: string): Mistyped | undefined {
  if (!/\s/.test(host)) return undefined;
  const packed = host.replace(/\s+/g, '');
  const pair = /^(\S+)\s+(\d{1,5})$/.exec(host);
  if (pair) return { problem: `“${host}” contains a space`, advice: `Enter ${pair[1]} as host and ${pair[2]} as port` };
  return { problem: `“${host}” contains a space`, advice: `Try ${packed}` };
}

function brackets(host: string): Mistyped | undefined {
  if (!/[[\]]/.test(host)) return undefined;
  const match = /^\[?([^[\]]+)\]?(?::(\d{1,5}))?$/.exec(host);
  const problem = `“${host}” contains brackets, which are for URLs only`;
  if (!match) return { problem, advice: 'Enter the address without brackets' };
  return { problem, advice: match[2] ? `Enter ${match[1]} as host and ${match[2]} as port` : `Enter ${match[1]}` };
}

function hostAndPort(host: string): Mistyped | undefined {
  const match = /^([^:]+):(\d{1,5})$/.exec(host);
  if (!match) return undefined;
  return { problem: `“${host}” contains a port`, advice: `Enter ${match[1]} as host and ${match[2]} as port` };
}

function path(host: string): Mistyped | undefined {
  const match = /^([^/\\]*)[/\\]/.exec(host);
  if (!match) return undefined;
  const advice = match[1] ? `Enter ${match[1]} as host` : 'Select a local socket, or enter a host';
  return { problem: `“${host}” contains a path`, advice };
}

function badIpv6(host: string): Mistyped | undefined {
  if ((host.match(/:/g) ?? []).length < 2) return undefined;
  const rest = host.replace(/:{3,}/, '::');
  const guess = net.isIPv6(rest) ? `Try ${rest}` : 'An IPv6 address has 8 groups of hex digits, or fewer and one ::';
  return { problem: `“${host}” is not an IPv6 address`, advice: guess };
}

function badIpv4(host: string): Mistyped | undefined {
  // Letters that look like digits, and characters next to the full stop on a keyboard.
  const guess = host
    .replace(/[lI|]/g, '1')
    .replace(/[oO]/g, '0')
    .replace(/[,;]|\.{2,}/g, '.')
    .replace(/\.$/, '');
  if (!/^[\d.]+$/.test(guess) || !/\d/.test(host)) return undefined;
  const problem = `“${host}” is not an IPv4 address`;
  if (net.isIPv4(guess)) return { problem, advice: `Try ${guess}` };
  // The last part of a name has letters: “0.ll” can be one.
  if (/\.[a-z]+$/i.test(host)) return undefined;
  const parts = guess.split('.');
  if (parts.some((part) => Number(part) > 255) && parts.length === 4)
    return { problem, advice: 'Each number must be 0–255' };
  if (/^127(\.0)*$/.test(guess)) return { problem, advice: 'Enter 127.0.0.1 for this machine' };
  return { problem, advice: 'Enter four numbers separated by dots, for example 127.0.0.1' };
}

function nearLocalhost(host: string): Mistyped | undefined {
  const name = host.toLowerCase();
  if (name === 'localhost' || !isOneSlip(name, 'localhost')) return undefined;
  return { problem: `“${host}” is not a known name`, advice: 'Try localhost' };
}

/** Returns true for one letter too many, missing or wrong, or for two swapped letters. */
function isOneSlip(typed: string, meant: string): boolean {
  let start = 0;
  while (start < typed.length && typed[start] === meant[start]) start += 1;
  const [left, right] = [typed.slice(start), meant.slice(start)];
  const swapped = right.slice(1, 2) + right.slice(0, 1) + right.slice(2);
  return left.slice(1) === right || left === right.slice(1) || left.slice(1) === right.slice(1) || left === swapped;
}
