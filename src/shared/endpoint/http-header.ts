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
