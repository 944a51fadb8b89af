import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultClient } from '#shared/endpoint/endpoint-config.ts';
import { endpointConfigSchema } from '#shared/endpoint/endpoint-schema.ts';
import { headerProblem, headersOf, splitHeader } from '#shared/endpoint/http-header.ts';

function isAccepted(headers: string[]): boolean {
  return endpointConfigSchema.safeParse({ ...defaultClient, ws: { ...defaultClient.ws, headers } }).success;
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
    ['X: a\r\nY: b', 'a header has no line end and no NUL in it'],
    ['X: a\nY: b', 'a header has no line end and no NUL in it'],
    ['X: a\0', 'a header has no line end and no NUL in it'],
    ['X: a\u007f', 'a header has no control characters, and none beyond Latin-1'],
    ['X: €', 'a header has no control characters, and none beyond Latin-1'],
    ['X\r\nY: b', 'the name of a header is one word of letters, digits and -'],
    [' X: b', 'the name of a header is one word of letters, digits and -'],
    ['no colon', 'a header is written “Name: value”'],
    ['upgrade: h2c', 'upgrade is set by the handshake'],
    ['Sec-WebSocket-Key: x', 'Sec-WebSocket-Key is set by the handshake'],
    ['Content-Length: 5', 'Content-Length is set by the handshake'],
    ['Origin: null', 'Origin has an option of its own'],
    [`X: ${'a'.repeat(4_096)}`, 'a header has at most 4096 characters'],
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
