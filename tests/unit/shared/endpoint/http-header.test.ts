import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endpointConfigSchema } from '#shared/endpoint/endpoint-schema.ts';
import { headerProblem, headersOf, splitHeader } from '#shared/endpoint/http-header.ts';

function isAccepted(headers: string[]): boolean {
  return endpointConfigSchema.safeParse({ role: 'client', transport: 'ws', ws: { headers } }).success;
}

describe('a header of the handshake', () => {
  test.each(['Authorization: Bearer abc', 'X-Empty:', 'Cookie: a="1"; b=ü', 'host: example.org', 'x:y:z'])(
    '%j is accepted',
    (line) => {
      expect(headerProblem(line)).toBeUndefined();
      expect(isAccepted([line])).toBe(true);
    },
  );

  test.each([
    ['X: a\r\nY: b', 'A header must not contain a line end or NUL'],
    ['X: a\nY: b', 'A header must not contain a line end or NUL'],
    ['X: a\0', 'A header must not contain a line end or NUL'],
    ['X: a\u007f', 'A header must contain only Latin-1 characters and no control characters'],
    ['X: €', 'A header must contain only Latin-1 characters and no control characters'],
    ['X\r\nY: b', 'A header name is one word of letters, digits and -'],
    [' X: b', 'A header name is one word of letters, digits and -'],
    ['no colon', 'A header is written “Name: value”'],
    ['upgrade: h2c', 'upgrade is set by the handshake'],
    ['Sec-WebSocket-Key: x', 'Sec-WebSocket-Key is set by the handshake'],
    ['Content-Length: 5', 'Content-Length is set by the handshake'],
    ['Origin: null', 'Use the Origin option instead'],
    [`X: ${'a'.repeat(4_096)}`, 'A header must have at most 4096 characters'],
  ])('%j is refused', (line, problem) => {
    expect(headerProblem(line)).toBe(problem);
    expect(isAccepted([line])).toBe(false);
  });

  test('that is accepted is one line, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const line = `X: ${value}`;
        if (headerProblem(line) === undefined) expect(splitHeader(line).value).not.toMatch(/[\r\n\0]/);
      }),
    );
  });

  test('that stands there several times is sent so', () => {
    expect(headersOf(['Accept: a', 'X: 1', 'accept: b'])).toEqual({ Accept: ['a', 'b'], X: '1' });
  });
});
