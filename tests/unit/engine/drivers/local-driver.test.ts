import { expect, test } from 'vitest';
import { localName } from '#engine/drivers/local-driver.ts';

const pipe = String.raw`\\.\pipe\wirebench`;

test('A path is taken as it is typed', () => {
  for (const platform of ['linux', 'darwin', 'freebsd'] as const) {
    expect(localName('/tmp/a.sock', platform)).toEqual({ path: '/tmp/a.sock' });
  }
});

test('A name after @ is abstract on Linux, and an ordinary path elsewhere', () => {
  expect(localName('@name', 'linux')).toEqual({ path: '\0name' });
  expect(localName('@name', 'darwin')).toEqual({ path: '@name' });
  expect(localName('@', 'linux')).toMatchObject({ errno: 'EINVAL' });
});

test('A path that the system would cut is refused, by its length in bytes', () => {
  for (const [platform, longest] of [
    ['linux', 107],
    ['darwin', 103],
  ] as const) {
    const fits = `/${'a'.repeat(longest - 1)}`;
    expect(localName(fits, platform)).toEqual({ path: fits });
    expect(localName(`${fits}a`, platform)).toEqual({
      errno: 'ENAMETOOLONG',
      text: `the path has ${longest + 1} bytes, and the maximum for a local socket on this system is ${longest}`,
    });
    expect(localName(`/${'ü'.repeat(60)}`, platform)).toMatchObject({ errno: 'ENAMETOOLONG' });
  }
  expect(localName(`@${'a'.repeat(107)}`, 'linux')).toEqual({ path: `\0${'a'.repeat(107)}` });
  expect(localName(`@${'a'.repeat(108)}`, 'linux')).toMatchObject({ errno: 'ENAMETOOLONG' });
});

test('On Windows only a named pipe will do', () => {
  expect(localName(pipe, 'win32')).toEqual({ path: pipe });
  const raw = String.raw`\\?\PIPE\a\b`;
  expect(localName(raw, 'win32')).toEqual({ path: raw });
  for (const other of ['/tmp/a.sock', String.raw`C:\a`, `${String.raw`\\.\pipe`}\\`, String.raw`\\server\pipe\a`]) {
    expect(localName(other, 'win32')).toMatchObject({ errno: 'EINVAL', text: expect.stringContaining('named pipes') });
  }
  expect(localName(pipe + 'a'.repeat(256), 'win32')).toMatchObject({ errno: 'ENAMETOOLONG' });
});

test('An empty path and one with a NUL are refused', () => {
  for (const platform of ['linux', 'win32'] as const) {
    expect(localName('', platform)).toMatchObject({ errno: 'EINVAL' });
    expect(localName('/tmp/a\0b', platform)).toMatchObject({ errno: 'EINVAL' });
  }
});
