import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultClient, defaultServer, type EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { formOf, readForm } from '../../../../src/renderer/state/endpoint-form.ts';

const framing = fc.constantFrom(
  { kind: 'raw' } as const,
  { kind: 'json' } as const,
  { kind: 'delimiter', delimiter: '0a' } as const,
  { kind: 'delimiter', delimiter: '0d0a' } as const,
  { kind: 'delimiter', delimiter: '03ff' } as const,
);
const behaviour = fc.constantFrom(
  { kind: 'silent' } as const,
  { kind: 'echo' } as const,
  { kind: 'reply', text: ' hi\n' } as const,
  { kind: 'reply-file', path: 'sample:data.json' } as const,
);
const config: fc.Arbitrary<EndpointConfig> = fc.oneof(
  fc
    .tuple(framing, behaviour, fc.nat(65_535), fc.boolean())
    .map(([cut, answer, port, halfOpen]) => ({ ...defaultServer, framing: cut, behaviour: answer, port, halfOpen })),
  fc
    .tuple(framing, fc.integer({ min: 1, max: 65_535 }), fc.nat(65_535), fc.ipV6())
    .map(([cut, port, localPort, host]) => ({ ...defaultClient, framing: cut, port, localPort, host })),
);

const errors = (role: 'server' | 'client', change: object) => {
  const read = readForm({ ...formOf(role === 'server' ? defaultServer : defaultClient), ...change });
  return read.ok ? {} : read.errors;
};

describe('the form of an endpoint', () => {
  test('gives back the configuration it was filled with', () => {
    fc.assert(
      fc.property(config, (given) => {
        expect(readForm(formOf(given))).toEqual({ ok: true, config: given });
      }),
    );
  });

  test.each(['70000', 'abc', '', '-1', '1e3'])('refuses the port %j', (port) => {
    expect(errors('server', { port })).toEqual({ port: 'Port must be 0–65535' });
  });

  test('lets a server listen on port 0, but no client connect to it', () => {
    expect(errors('server', { port: '0' })).toEqual({});
    expect(errors('client', { port: '0' })).toEqual({ port: 'Port must be 1–65535' });
  });

  test('says what is wrong by field', () => {
    expect(errors('server', { host: ' ', backlog: '0', framing: 'delimiter', 'framing.delimiter': 'xy' })).toEqual({
      host: 'Enter a host',
      backlog: 'Backlog must be 1–65535',
      'framing.delimiter': 'a delimiter is 1 to 32 bytes in hex',
    });
  });

  test('does not check what its role has not', () => {
    expect(errors('server', { connectTimeoutMs: 'x', localPort: 'y' })).toEqual({});
    expect(errors('client', { backlog: 'x', 'limits.maxConnections': '' })).toEqual({});
  });
});
