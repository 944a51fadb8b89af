import { describe, expect, test } from 'vitest';
import { generateCode } from '#shared/code/generate.ts';
import { languageNames, maxLiteralBytes } from '#shared/code/program.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { type ClientChanges, clientConfig, type ServerChanges, serverConfig } from '#support/config.ts';

const framing = (spelling: string) => parseFraming(spelling) as FramingSpec;
const payload = Buffer.from('hello');

function client(
  changes: ClientChanges,
  language: (typeof languageNames)[number] = 'python',
  bytes: Uint8Array = payload,
) {
  return generateCode({ config: clientConfig(changes), payload: bytes, language, side: 'client' });
}

function server(changes: ServerChanges, replyFile?: Uint8Array) {
  return generateCode({ config: serverConfig(changes), replyFile, language: 'python', side: 'server' });
}

const textOf = (result: ReturnType<typeof generateCode>) =>
  result.ok ? result.value.text : JSON.stringify(result.error);
const systemOf = (result: ReturnType<typeof generateCode>) => (result.ok ? 'ok' : result.error.system);

describe('a framing that programs do not implement', () => {
  test('is in the payload, and a comment says so', () => {
    const text = textOf(client({ framing: framing('start:24:delim:0a') }));
    expect(text).toContain('PAYLOAD = b"$hello\\n"');
    expect(text).toContain('does not split the stream by the framing start:24:delim:0a');
  });

  test('is in the reply of a server', () => {
    const text = textOf(server({ framing: framing('mllp'), behaviour: { kind: 'reply', text: 'x' } }));
    expect(text).toContain('REPLY = b"\\x0bx\\x1c\\r"');
  });

  test.each(['slip', 'stx', 'cobs'])('%s in bash, which has no zero bytes in variables', (spelling) => {
    const text = textOf(client({ framing: framing(spelling) }, 'bash'));
    expect(text).toContain(`does not split the stream by the framing ${spelling}`);
  });
});

test.each(languageNames)('says in %s how the payload was made, and nothing that a user spelled', (language) => {
  const origin = { template: true, checksum: 'crc-16/modbus:le' };
  const request = { config: clientConfig({ framing: framing('line') }), payload, language, side: 'client' } as const;
  const text = textOf(generateCode({ ...request, origin }));
  const lines = text.split('\n').slice(0, 5).join('\n');
  expect(lines).toMatch(/^\W+The payload is a template that was rendered once: every run sends these bytes\.$/m);
  expect(lines).toMatch(/^\W+The payload ends with its checksum, CRC-16\/MODBUS:le, as fixed bytes\./m);
  expect(textOf(generateCode({ ...request, origin: { checksum: 'xor */ evil()\n' } }))).toBe(
    textOf(generateCode(request)),
  );
});

test('a payload that the framing cannot carry is refused', () => {
  expect(systemOf(client({ framing: framing('fixed:3') }))).toContain('3');
});

test.each([
  ['WebSocket', { ws: {} }],
  ['tls.trusted', { tls: { trusted: ['AB:CD'] } }],
  ['tls.passphrase', { tls: { passphrase: 'secret' } }],
  ['tls.minVersion', { tls: { minVersion: 'TLSv1.3' } }],
  ['udp.group', { udp: { group: '239.1.2.3' } }],
] as const)('what programs do not have is refused: %s', (name, changes) => {
  const result = client(changes as ClientChanges);
  expect(systemOf(result)).toContain(name);
  expect(JSON.stringify(result)).not.toContain('secret');
});

test('TLS is refused in a language without it', () => {
  expect(systemOf(client({ tls: {} }, 'c'))).toContain('tls');
});

test.each([
  [{ host: '127.0.0.1', tls: {} }, 'only a name'],
  [{ host: '::1', tls: {} }, 'only a name'],
  [{ host: 'a.example', tls: { serverName: 'b.example' } }, 'only a name'],
  [{ host: 'a.example', tls: {} }, 'ok'],
  [{ host: '127.0.0.1', tls: { verify: false } }, 'ok'],
] as const)('a TLS client in bash needs a name that ncat verifies: %j', (changes, words) => {
  expect(systemOf(client(changes, 'bash'))).toContain(words);
});

test('a payload that is too long for a literal is refused', () => {
  const result = client({}, 'python', new Uint8Array(maxLiteralBytes + 1));
  expect(result.ok ? undefined : result.error.code).toBe('too-large');
});

test('a server replies with the content of its file', () => {
  const behaviour = { kind: 'reply-file', path: '/reply.txt' } as const;
  expect(textOf(server({ behaviour }, Buffer.from('from a file')))).toContain('REPLY = b"from a file"');
  expect(server({ behaviour }).ok).toBe(false);
});

test('the file has the name that its language wants', () => {
  const names = languageNames.map((language) => {
    const result = client({ framing: framing('line') }, language);
    return result.ok ? result.value.fileName : '';
  });
  expect(names).toContain('Client.java');
  expect(names).toContain('client.py');
  expect(names).not.toContain('');
});

test.each(languageNames)('no text of the user reaches the code or a comment of %s unescaped', (language) => {
  const awkward = 'x"\'\n*/\\\u202e$(id)`';
  const changes = { transport: 'local', path: awkward, name: awkward, framing: framing('line') } as const;
  const text = textOf(client(changes, language, Buffer.from(awkward)));
  expect(text).not.toContain('\u202e');
  expect(text.split('\n').filter((line) => line.startsWith('*/'))).toEqual([]);
});
