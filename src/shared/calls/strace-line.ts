import { decodeUtf8Lossy } from '../bytes/text.ts';

/*
 * Reads the lines that strace writes with `-f -q -ttt -T -yy -xx`: each has the thread, the time, and a system call with its
 * result, the first part of one, the rest of one, a signal, or an end. With `-xx`, texts have hexadecimal digits only, so that
 * what is in them cannot be mistaken for the syntax.
 */

/** A line of strace. Times are in nanoseconds since 1970. */
export type StraceLine =
  | {
      readonly kind: 'call';
      readonly tid: number;
      readonly atNs: number;
      readonly call: StraceCall;
      readonly end: StraceEnd;
    }
  | { readonly kind: 'unfinished'; readonly tid: number; readonly atNs: number; readonly call: StraceCall }
  | {
      readonly kind: 'resumed';
      readonly tid: number;
      readonly atNs: number;
      readonly name: string;
      readonly rest: string;
    }
  | { readonly kind: 'signal' | 'exit'; readonly tid: number };

/** A system call with its arguments as strace shows them. */
export interface StraceCall {
  readonly name: string;
  readonly args: string;
}

/** How a call ended. */
export interface StraceEnd {
  /** What it returned; `undefined`: a signal interrupted it, or the process has ended. */
  readonly result: number | undefined;
  /** What strace shows with the result: of a new descriptor, its address. */
  readonly note: string;
  /** The name of the error, `ECONNREFUSED`; empty where there is none. */
  readonly error: string;
  readonly durationNs: number;
}

/** A descriptor that is a socket, as `-yy` shows it. */
interface StraceSocket {
  readonly descriptor: number;
  /** `AF_INET`, `AF_INET6` or `AF_UNIX`. */
  readonly family: string;
  /** Empty where strace does not know them. */
  readonly local: string;
  readonly peer: string;
}

/** Reads a line; `undefined` for one that is not a line of strace. */
export function parseStraceLine(line: string): StraceLine | undefined {
  const [, tid = '', seconds = '', micros = '', rest = ''] = /^(\d+) +(\d{1,12})\.(\d{6}) (.*)$/.exec(line) ?? [];
  if (tid === '') return undefined;
  const head = { tid: Number(tid), atNs: Number(seconds) * 1e9 + Number(micros) * 1e3 };
  if (rest.startsWith('---')) return { kind: 'signal', ...head };
  if (rest.startsWith('+++')) return { kind: 'exit', ...head };
  const [, resumed, after = ''] = /^<\.\.\. (\w+) resumed>(.*)$/.exec(rest) ?? [];
  if (resumed !== undefined) return { kind: 'resumed', ...head, name: resumed, rest: after };
  const call = parseStart(rest);
  if (!call) return undefined;
  const unfinished = ' <unfinished ...>';
  if (call.args.endsWith(unfinished))
    return { kind: 'unfinished', ...head, call: { ...call, args: call.args.slice(0, -unfinished.length) } };
  const ended = parseEnd(call.args);
  return ended && { kind: 'call', ...head, call: { ...call, args: ended.args }, end: ended.end };
}

/** Reads `name(arguments`, of which the end may be missing. */
function parseStart(text: string): StraceCall | undefined {
  const open = text.indexOf('(');
  const name = text.slice(0, Math.max(open, 0));
  return /^\w+$/.test(name) ? { name, args: text.slice(open + 1) } : undefined;
}

/** Reads `arguments) = result <duration>`. */
export function parseEnd(text: string): { readonly args: string; readonly end: StraceEnd } | undefined {
  const close = /\) +=/g;
  let at = -1;
  let after = 0;
  for (const found of text.matchAll(close)) {
    at = found.index;
    after = at + found[0].length;
  }
  if (at < 0) return undefined;
  const shown = text.slice(after).trim();
  const duration = / <(\d+\.\d+)>$/.exec(shown);
  const outcome = duration ? shown.slice(0, duration.index) : shown;
  const [, value = '', note = ''] = /^(\?|-?\d+|0x[\da-f]+)(.*)$/.exec(outcome) ?? [];
  const result = value === '' || value === '?' ? undefined : Number(value);
  const error = /^ (E[A-Z\d]+)/.exec(note)?.[1] ?? '';
  return {
    args: text.slice(0, at).trimEnd(),
    end: { result, note, error, durationNs: Math.round(Number(duration?.[1] ?? 0) * 1e9) },
  };
}

/** Reads a socket at the start of `text`; `undefined` where there is another descriptor, or none. */
export function parseStraceSocket(text: string): StraceSocket | undefined {
  const [, descriptor = '', protocol = '', inside = ''] = /^(\d+)<((?:TCP|UDP|UNIX)[\w-]*):\[(.*?)\]>/.exec(text) ?? [];
  if (descriptor === '') return undefined;
  const isLocal = protocol.startsWith('UNIX');
  const family = isLocal ? 'AF_UNIX' : protocol.endsWith('v6') ? 'AF_INET6' : 'AF_INET';
  const [local = '', peer = ''] = isLocal
    ? [straceText(/"((?:\\x[\da-f]{2})*)"/.exec(inside)?.[1] ?? '')]
    : inside.split('->');
  // A number alone is that of the inode: the socket has no address.
  return { descriptor: Number(descriptor), family, local: /^\d+$/.test(local) ? '' : local, peer };
}

/** Reads the address in the arguments: `host:port`, `[host]:port` or a path; empty where there is none. */
export function straceAddress(args: string): string {
  const port = /sin6?_port=htons\((\d+)\)/.exec(args)?.[1];
  const host = straceText(/(?:inet_addr\(|inet_pton\(AF_INET6, )"((?:\\x[\da-f]{2})*)"/.exec(args)?.[1] ?? '');
  if (port !== undefined && host !== '') return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const [, abstract = '', path = ''] = /sun_path=(@?)"((?:\\x[\da-f]{2})*)"/.exec(args) ?? [];
  return abstract + straceText(path);
}

/** Returns the payload of the arguments, at most `maxBytes`: a text after the descriptor, or all the texts of a list of buffers. */
export function stracePayload(args: string, maxBytes: number): Uint8Array<ArrayBuffer> {
  const hex = args.includes('iov_base=')
    ? [...args.matchAll(/iov_base="((?:\\x[\da-f]{2})*)"/g)].map(([, text]) => text).join('')
    : (/^[^"]*?, "((?:\\x[\da-f]{2})*)"/.exec(args)?.[1] ?? '');
  return bytesOf(hex).subarray(0, maxBytes);
}

/** Returns the texts of a list, `["\x61", "\x62"]`. */
export function straceTexts(args: string): string[] {
  return [...args.matchAll(/"((?:\\x[\da-f]{2})*)"/g)].map(([, text = '']) => straceText(text));
}

function straceText(hex: string): string {
  return decodeUtf8Lossy(bytesOf(hex));
}

/** Returns the bytes of `\x61\x62`. */
function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.floor(hex.length / 4));
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(hex.slice(at * 4 + 2, at * 4 + 4), 16);
  return bytes;
}
