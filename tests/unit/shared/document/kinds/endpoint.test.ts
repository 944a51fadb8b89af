import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DocumentContext } from '#shared/document/document-kind.ts';
import { type EndpointDocument, endpointKind } from '#shared/document/kinds/endpoint.ts';
import { createConfig, type EndpointConfig, optionsOf, valueAt } from '#shared/endpoint/endpoint-config.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { transports } from '#shared/socket/transports.ts';
import { clientConfig, serverConfig } from '#support/config.ts';

const context: DocumentContext = { path: 'endpoints/lab/boiler.yaml', root: '/home/kim/space' };

function written(config: EndpointConfig, previous?: string, references: EndpointDocument['references'] = []) {
  const result = endpointKind.stringify({ config, references }, previous, context);
  if (!result.ok) throw new Error(result.error.system);
  return result.value;
}

function read(text: string, kept?: DocumentContext['kept']) {
  const result = endpointKind.parse(text, { ...context, kept });
  if (!result.ok) throw new Error(`${result.error.system}\n${text}`);
  return result.value;
}

describe('the file of an endpoint', () => {
  it('has the address and the framing, and what else differs from the defaults', () => {
    const framing = parseFraming('len:4be') ?? { kind: 'raw' };
    const config = clientConfig({ host: 'boiler.local', port: 502, framing, tcp: { keepAlive: true } });
    expect(written(config).content).toBe(
      [
        '# yaml-language-server: $schema=../../.wirebench/schemas/endpoint.schema.json',
        'role: client',
        'transport: tcp',
        'host: boiler.local',
        'port: 502',
        'framing: len:4be',
        'tcp:',
        '  keepAlive: true',
        '',
      ].join('\n'),
    );
  });

  it('with a checksum that does not exist does not parse, and the reason is given', () => {
    const head = 'role: client\ntransport: tcp\nhost: a\nport: 1\n';
    expect(read(`${head}checksum: crc-16/modbus:le\n`).value.config).toMatchObject({ checksum: 'crc-16/modbus:le' });
    const refused = endpointKind.parse(`${head}checksum: crc-16/modbuss\n`, context);
    expect(refused.ok ? '' : refused.error.system).toContain('“crc-16/modbuss” is not in the catalogue of checksums');
  });

  it('gives the same configuration when it is read, for each role and transport', () => {
    const members = (['server', 'client'] as const).flatMap((role) =>
      transports.map((transport) => ({ role, transport })),
    );
    const lines = fc.array(fc.constantFrom('X-A: 1', 'Cookie: a=b', 'Cookie: c', 'Authorization: Bearer x'), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...members),
        fc.boolean(),
        fc.string({ maxLength: 20 }),
        lines,
        fc.nat(),
        ({ role, transport }, isOn, text, headers, number) => {
          const name = text.trim() === '' ? 'x' : text.trim();
          const changes = {
            name,
            ...{
              host: 'a.example',
              port: (number % 65_535) + 1,
              path: '/tmp/a.sock',
              badFrame: isOn ? 'stop' : 'resynchronise',
              checksum: isOn ? 'crc-16/modbus:le' : '',
            },
            framing: parseFraming(isOn ? 'line:crlf' : 'stx'),
            behaviour: isOn ? { kind: 'reply', text } : { kind: 'reply-file', path: '/etc/outside' },
            tls: {
              certificate: '/home/kim/space/a.pem',
              key: '/home/kim/.ssl/k',
              passphrase: text,
              passphraseSet: text !== '',
            },
            ws: { path: isOn ? '/a?token=abc' : '/a', headers },
            limits: { maxMessage: 1_024 + (number % 1_000) },
          };
          const config = createConfig(role, transport, changes as never) as EndpointConfig;
          const { content, kept } = written(config);
          const values = new Map(kept.map((one) => [`${one.kind} ${one.name}`, one.value]));
          expect(values.size).toBe(kept.length);
          const back = read(content, ({ kind, name: wanted }) => values.get(`${kind} ${wanted}`));
          for (const { path } of optionsOf(role, transport))
            expect([path, valueAt(back.value.config, path)]).toEqual([path, valueAt(config, path)]);
          expect(written(back.value.config, content, back.value.references).content).toBe(content);
          const unknown = read(content);
          expect(written(unknown.value.config, content, unknown.value.references).content).toBe(content);
        },
      ),
    );
  });

  it('never contains a secret or a path of this machine', () => {
    const config = createConfig('client', 'wss', {
      ...{ host: 'a.example', port: 443 },
      tls: {
        certificate: '/home/kim/space/certs/a.pem',
        key: '/home/kim/.ssl/key.pem',
        passphrase: 'hunter2',
        passphraseSet: true,
      },
      ws: {
        path: '/chat?token=abc123',
        headers: ['X-A: 1', 'Authorization: Bearer zzz', 'Cookie: yyy', 'Cookie: xxx'],
      },
    });
    const { content, kept, notices } = written(config);
    for (const secret of ['hunter2', 'abc123', 'zzz', 'yyy', 'xxx', '/home', 'kim'])
      expect(content).not.toContain(secret);
    expect(content).toContain('certificate: certs/a.pem');
    expect(kept.map(({ at, name, value }) => [at, name, value])).toEqual([
      ['tls.key', 'lab-boiler-tls-key', '/home/kim/.ssl/key.pem'],
      ['tls.passphrase', 'lab-boiler-tls-passphrase', 'hunter2'],
      ['ws.path', 'lab-boiler-ws-path', '/chat?token=abc123'],
      ['ws.headers.authorization', 'lab-boiler-ws-headers-authorization', 'Bearer zzz'],
      ['ws.headers.cookie', 'lab-boiler-ws-headers-cookie', 'yyy'],
      ['ws.headers.cookie.2', 'lab-boiler-ws-headers-cookie-2', 'xxx'],
    ]);
    expect(notices.map(({ text }) => text)).toEqual([expect.stringMatching(/^tls\.key: the file is outside/)]);
  });

  it('has the paths of Windows with the separator of each system', () => {
    const windows = { path: 'endpoints/a.yaml', root: 'C:\\work\\space\\' };
    const config = createConfig('client', 'tls', { tls: { ca: 'C:\\work\\space\\certs\\ca.pem' } });
    const result = endpointKind.stringify({ config, references: [] }, undefined, windows);
    if (!result.ok) throw new Error(result.error.system);
    expect(result.value.content).toContain('ca: certs/ca.pem\n');
    const parsed = endpointKind.parse(result.value.content, windows);
    expect(parsed.ok && valueAt(parsed.value.value.config, 'tls.ca')).toBe('C:\\work\\space\\certs\\ca.pem');
  });

  it('keeps an option that is written with its default, and removes one that returns to it', () => {
    const text = 'role: client\ntransport: tcp # TCP\nport: 12345\nbadFrame: stop\nhalfOpen: false\n';
    const { value } = read(text);
    const { content } = written({ ...value.config, badFrame: 'resynchronise' } as EndpointConfig, text);
    expect(content).toBe('role: client\ntransport: tcp # TCP\nport: 12345\nhalfOpen: false\n');
  });

  it('reports what has no effect, with its line, and keeps it', () => {
    const text = 'role: server\ntransport: udp\nhots: a\ntcp:\n  noDelay: true\n';
    const { notices, value } = read(text);
    expect(notices).toEqual([
      { text: 'hots: is not a known key: it has no effect, and it is kept', line: 3 },
      { text: 'tcp.noDelay: has no effect for a server over udp, and it is kept', line: 5 },
    ]);
    expect(written({ ...value.config, port: 7 } as EndpointConfig, text).content).toContain(
      'hots: a\ntcp:\n  noDelay: true\n',
    );
  });

  it.each([
    ['a passphrase', 'tls:\n  passphrase: hunter2\n', 4, /must not contain a passphrase/],
    ['a secret header', 'ws:\n  headers:\n    - "X: 1"\n    - "Cookie: a"\n', 6, /a file must not contain/],
    [
      'a secret in a header that is shown',
      'ws:\n  headers:\n    - { header: X-A, secret: b }\n',
      5,
      /cannot be secret/,
    ],
    ['a secret in the request path', 'ws:\n  path: /a?token=b\n', 4, /a file must not contain/],
    ['an absolute path', 'tls:\n  ca: /etc/shadow\n', 4, /inside the workspace: it is absolute/],
    ['a path out of the workspace', 'tls:\n  ca: a/../../b\n', 4, /inside the workspace: it contains “\.\.”/],
    ['a key without its certificate', 'tls:\n  key: a.pem\n', 4, /A key needs its certificate/],
    ['an unknown framing', 'framing: wat\n', 3, /is not a framing/],
    ['a port out of range', 'port: 65536\n', 3, /65535/],
    ['a port of 0 of a client', 'port: 0\n', 3, /1–65535/],
    ['a group instead of a number', 'port: { a: 1 }\n', 3, /whole number/],
    ['a bad name of a secret', 'tls:\n  passphrase: { secret: "a b" }\n', 4, /a name must begin/],
  ])('is refused with %s, with its line', (_, text, line, what) => {
    const result = endpointKind.parse(`role: client\ntransport: wss\n${text}`, context);
    expect(result).toMatchObject({ ok: false, line, error: { code: 'file', system: expect.stringMatching(what) } });
    expect(!result.ok && result.error.message).toBe('Could not read “endpoints/lab/boiler.yaml”');
  });

  it('is refused with a reply from a file out of the workspace', () => {
    const result = endpointKind.parse('role: server\ntransport: tcp\nbehaviour:\n  kind: reply-file\n  path: ../x\n');
    expect(result).toMatchObject({ ok: false, line: 5 });
    const sample = read('role: server\ntransport: tcp\nbehaviour:\n  kind: reply-file\n  path: sample:data.json\n');
    expect(valueAt(sample.value.config, 'behaviour.path')).toBe('sample:data.json');
  });

  it('is not overwritten if it cannot be read', () => {
    const result = endpointKind.stringify({ config: serverConfig(), references: [] }, 'role: [', context);
    expect(result).toMatchObject({ ok: false, line: 1 });
  });
});
