import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endpointConfigSchema } from '#shared/endpoint/endpoint-schema.ts';
import {
  headerProblem,
  headersOf,
  hideHeader,
  hideTarget,
  isSecretName,
  restoreHeaders,
  restoreTarget,
  splitHeader,
  unknownSecrets,
} from '#shared/endpoint/upgrade-request.ts';
import { cases } from '#support/cases.ts';

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

describe('the secret values of a request', () => {
  test.each([
    ['Authorization: Bearer abc', 'Authorization: •••• (10 characters)'],
    ['cookie:a=1', 'cookie: •••• (3 characters)'],
    ['Proxy-Authorization: x', 'Proxy-Authorization: •••• (1 character)'],
    ['X-Api-Key: k1', 'X-Api-Key: •••• (2 characters)'],
    ['X-CSRF-TOKEN: abc', 'X-CSRF-TOKEN: •••• (3 characters)'],
    ['Client-Secret: abc', 'Client-Secret: •••• (3 characters)'],
  ])('of the header %s are a mark with the number of characters', (line, shown) => {
    expect(hideHeader(line)).toBe(shown);
    expect(hideHeader(shown)).toBe(shown);
  });

  test.each(['Accept: */*', 'Host: a', 'Sec-WebSocket-Key: dGhlIHNhbXBsZQ==', 'Authorization: ', 'no header'])(
    'are not what %s has',
    (line) => expect(hideHeader(line)).toBe(line),
  );

  test.each([
    ['/chat?room=1&access_token=abc#top', '/chat?room=1&access_token=•••• (3 characters)#top'],
    ['/?key=a&key=bc', '/?key=•••• (1 character)&key=•••• (2 characters)'],
    ['wss://host/?password=p', 'wss://host/?password=•••• (1 character)'],
    ['wss://me:pw@host/', 'wss://me:•••• (2 characters)@host/'],
    ['/key=a?room=token', '/key=a?room=token'],
    ['/?token=', '/?token='],
  ])('of the target %s are marks', (target, shown) => {
    expect(hideTarget(target)).toBe(shown);
    expect(hideTarget(shown)).toBe(shown);
  });

  const name = fc.constantFrom('Authorization', 'cookie', 'Cookie', 'X-Api-Key', 'Accept', 'Origin-Token');
  const value = fc.stringMatching(/^[!-~]([ -~]*[!-~])?$/, { maxLength: 20 });

  test('are not in what is shown, and come back from what was before', () => {
    const headers = fc.array(fc.tuple(name, value), { maxLength: 8 });
    fc.assert(
      fc.property(headers, (pairs) => {
        const lines = pairs.map((pair) => pair.join(': '));
        const shown = lines.map(hideHeader);
        for (const [index, [key]] of pairs.entries()) {
          expect(shown[index] === lines[index]).toBe(!isSecretName(key));
        }
        expect(restoreHeaders(shown, lines)).toEqual(lines);
        expect(unknownSecrets(restoreHeaders(shown, lines), '/')).toEqual([]);
      }),
      cases(200),
    );
  });

  test('of a query come back, too', () => {
    const parameter = fc.tuple(fc.constantFrom('room', 'token', 'api_key'), fc.stringMatching(/^[0-9A-Za-z%=?]*$/));
    fc.assert(
      fc.property(fc.array(parameter, { maxLength: 6 }), (pairs) => {
        const path = `/chat?${pairs.map((pair) => pair.join('=')).join('&')}`;
        expect(restoreTarget(hideTarget(path), path)).toBe(path);
      }),
      cases(200),
    );
  });

  test('do not come back under another name, twice, or with another length', () => {
    const before = ['Authorization: abc'];
    const mark = '•••• (3 characters)';
    expect(restoreHeaders([`X-Shown: ${mark}`], before)).toEqual([`X-Shown: ${mark}`]);
    expect(restoreHeaders([`Authorization: ${mark}`, `Authorization: ${mark}`], before)).toEqual([
      'Authorization: abc',
      `Authorization: ${mark}`,
    ]);
    const longer = ['Authorization: •••• (4 characters)'];
    expect(restoreHeaders(longer, before)).toEqual(longer);
    expect(restoreTarget(`/?shown=${mark}`, '/?token=abc')).toBe(`/?shown=${mark}`);
    expect(unknownSecrets([`X-Key: ${mark}`], `/?token=${mark}`)).toEqual(['X-Key', 'token']);
  });
});
