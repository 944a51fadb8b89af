/** Headers that the WebSocket handshake itself sets (RFC 6455, section 4.1), or that would change where its request ends. */
const reserved: ReadonlySet<string> = new Set([
  ...['connection', 'upgrade', 'content-length', 'transfer-encoding', 'expect', 'te', 'trailer'],
  ...['sec-websocket-key', 'sec-websocket-version', 'sec-websocket-accept'],
  ...['sec-websocket-extensions', 'sec-websocket-protocol'],
]);

export const maxHeaders = 50;
const maxHeaderLength = 4_096;

/** Splits `Name: value`; white space around the value is not part of it (RFC 9112, section 5). */
export function splitHeader(line: string): { readonly name: string; readonly value: string } {
  const colon = line.indexOf(':');
  if (colon < 0) return { name: line, value: '' };
  return { name: line.slice(0, colon), value: line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '') };
}

/**
 * Returns why `line` cannot be added to a WebSocket handshake as a header, `undefined` if it can. A line end or a
 * NUL in it would begin another header, or another request (RFC 9110, section 5.5).
 */
export function headerProblem(line: string): string | undefined {
  if (line.length > maxHeaderLength) return `A header must have at most ${maxHeaderLength} characters`;
  if (!line.includes(':')) return 'A header is written “Name: value”';
  const { name, value } = splitHeader(line);
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) return 'A header name is one word of letters, digits and -';
  const lower = name.toLowerCase();
  if (reserved.has(lower)) return `${name} is set by the handshake`;
  if (lower === 'origin') return 'Use the Origin option instead';
  return headerValueProblem(value);
}

/** Returns why `value` cannot be the value of a header; `undefined` where it can. Characters are Latin-1, as in Node. */
export function headerValueProblem(value: string): string | undefined {
  if (/[\r\n\0]/.test(value)) return 'A header must not contain a line end or NUL';
  return /[^\t\u0020-\u007e\u0080-\u00ff]/.test(value)
    ? 'A header must contain only Latin-1 characters and no control characters'
    : undefined;
}

/** Returns the headers of `lines` by name, in the form that Node's HTTP expects. A repeated name has several values. */
export function headersOf(lines: readonly string[]): Record<string, string | string[]> {
  const headers = new Map<string, { name: string; values: string[] }>();
  for (const line of lines) {
    const { name, value } = splitHeader(line);
    const known = headers.get(name.toLowerCase());
    if (known) known.values.push(value);
    else headers.set(name.toLowerCase(), { name, values: [value] });
  }
  return Object.fromEntries(
    [...headers.values()].map(({ name, values: [only = '', ...more] }) => [
      name,
      more.length === 0 ? only : [only, ...more],
    ]),
  );
}

/*
 * The secrets of an HTTP request: values of headers and of query parameters whose names say that they are secret. A mark
 * stands for one wherever it is shown or recorded. No header's value is a mark, because `•` is not in Latin-1.
 */

const secretNames: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie']);
/** A nonce that proves nothing (RFC 6455, section 1.3), though its name says “key”. */
const nonce = 'sec-websocket-key';
const secretMark = /^•••• \((\d+) characters?\)$/;
/** The name and the value of each parameter of a query; the value may be empty. */
const parameters = /([?&])([^=&#]+)=([^&#]*)/g;
/** The user name and the password of a URL (RFC 3986, section 3.2.1). */
const userInfo = /^([a-z][a-z0-9+.-]*:\/\/[^/?#@:]*):([^/?#@]+)@/i;

/** Returns whether a header or a parameter of that name has a secret as its value. */
export function isSecretName(name: string): boolean {
  const lower = name.toLowerCase();
  return secretNames.has(lower) || (lower !== nonce && /token|key|secret|password/.test(lower));
}

/** Returns what stands for the secret `value`: a mark with the number of its characters. */
function markOf(value: string): string {
  return `•••• (${value.length} ${value.length === 1 ? 'character' : 'characters'})`;
}

/** Returns whether `value` stands for a secret. */
function isSecretMark(value: string): boolean {
  return secretMark.test(value);
}

/** Returns the header `line` (`Name: value`) as it may be shown: a secret value is replaced by a mark. */
export function hideHeader(line: string): string {
  const { name, value } = splitHeader(line);
  return hides(name, value) ? `${name}: ${markOf(value)}` : line;
}

/** Returns the path or URL `target` as it may be shown: secret parameters and a password are replaced by marks. */
export function hideTarget(target: string): string {
  return target
    .replace(userInfo, (whole, before: string, password: string) =>
      isSecretMark(password) ? whole : `${before}:${markOf(password)}@`,
    )
    .replace(parameters, (whole, separator: string, name: string, value: string) =>
      hides(name, value) ? `${separator}${name}=${markOf(value)}` : whole,
    );
}

/** Returns the header `line`, without its value if that is a mark in place of a secret. */
export function withoutHeaderMark(line: string): string {
  const { name, value } = splitHeader(line);
  return isSecretMark(value) && isSecretName(name) ? `${name}:` : line;
}

/** Returns `target` without the marks in its query, which may be longer than the secrets that they stand for. */
export function withoutTargetMarks(target: string): string {
  return target.replace(parameters, (whole, separator: string, name: string, value: string) =>
    isSecretMark(value) ? `${separator}${name}=` : whole,
  );
}

/** Returns `lines` with each mark replaced by the secret that it stands for, which `before` has under the same name. */
export function restoreHeaders(lines: readonly string[], before: readonly string[]): string[] {
  const secrets = new Secrets(before.map(splitHeader));
  return lines.map((line) => {
    const { name, value } = splitHeader(line);
    const secret = isSecretMark(value) ? secrets.take(name, value) : undefined;
    return secret === undefined ? line : `${name}: ${secret}`;
  });
}

/** Returns `path` with each mark in its query replaced by the secret that it stands for, which `before` has. */
export function restoreTarget(path: string, before: string): string {
  const known = Array.from(before.matchAll(parameters), ([, , name = '', value = '']) => ({ name, value }));
  const secrets = new Secrets(known);
  return path.replace(parameters, (whole, separator: string, name: string, value: string) => {
    const secret = isSecretMark(value) ? secrets.take(name, value) : undefined;
    return secret === undefined ? whole : `${separator}${name}=${secret}`;
  });
}

/** Returns the names of the headers and parameters whose secrets are not known: a mark is still in their place. */
export function unknownSecrets(headers: readonly string[], path: string): string[] {
  const inHeaders = headers.map(splitHeader).filter(({ value }) => isSecretMark(value));
  const inPath = [...path.matchAll(parameters)].filter(([, , , value = '']) => isSecretMark(value));
  return [...inHeaders.map(({ name }) => name), ...inPath.map(([, , name = '']) => name)];
}

function hides(name: string, value: string): boolean {
  return value !== '' && isSecretName(name) && !isSecretMark(value);
}

/** Secrets by name, each given once: the first one that has the length which its mark says. */
class Secrets {
  readonly #left: { readonly name: string; readonly value: string }[];

  constructor(known: readonly { readonly name: string; readonly value: string }[]) {
    this.#left = known.filter(({ name, value }) => hides(name, value));
  }

  take(name: string, mark: string): string | undefined {
    const lower = name.toLowerCase();
    const at = this.#left.findIndex((one) => one.name.toLowerCase() === lower && markOf(one.value) === mark);
    return at < 0 ? undefined : this.#left.splice(at, 1)[0]?.value;
  }
}
