import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import { parseDocumentPath } from '#shared/document/document-path.ts';
import { documentsInCommands, documentsInFile, newDocuments } from '#shared/document/import.ts';

const paths = (imported: { readonly documents: readonly { readonly path: string }[] }) =>
  imported.documents.map(({ path }) => path);

describe('a file that is imported', () => {
  test('keeps its name, its folders and its bytes', () => {
    const bytes = encodeUtf8('{"a":1}\r\n');
    const { documents, problems } = documentsInFile('lab/orders/new.json', bytes, 'payloads/in');
    expect(documents).toEqual([
      {
        kind: 'payload',
        path: 'payloads/in/lab/orders/new.json',
        ending: '.json',
        bytes,
        source: 'lab/orders/new.json',
      },
    ]);
    expect(problems).toEqual([]);
  });

  test.each([
    ['notes.md', 'text', 'payloads/notes.txt'],
    ['README', 'text', 'payloads/README.txt'],
    ['firmware.img', '\0\x01', 'payloads/firmware.bin'],
    ['order', '<order/>', 'payloads/order.xml'],
    ['.profile', 'text', 'payloads/profile.txt'],
    ['con.json', '1', 'payloads/document-con.json'],
    ['a:b?.TXT', '1', 'payloads/a-b.txt'],
  ])('gets an ending and a name that a payload can have: %s', (name, text, path) => {
    expect(paths(documentsInFile(name, encodeUtf8(text), 'payloads'))).toEqual([path]);
  });

  test('is the packets of Packet Sender, with their endpoints and what cannot be read', () => {
    const ini =
      '[a]\nname=ping\nhexString=70 69\ntoIP=10.0.0.4\nport=5000\ntcpOrUdp=UDP\n[b]\nname=bad\nhexString=7g\n';
    const imported = documentsInFile('old/packets.ini', encodeUtf8(ini), 'payloads');
    expect(paths(imported)).toEqual(['payloads/old/ping.txt', 'endpoints/10.0.0.4-5000.yaml']);
    expect(imported.documents[1]).toMatchObject({ kind: 'endpoint', config: { role: 'client', transport: 'udp' } });
    expect(imported.problems).toMatchObject([{ message: 'Could not import all of old/packets.ini' }]);
  });

  test('is the commands of a shell script', () => {
    const script = '#!/bin/sh\n# nc is needed\nset -e\necho hi | nc 127.0.0.1 6000\n';
    expect(paths(documentsInFile('send.sh', encodeUtf8(script), 'payloads'))).toEqual([
      'payloads/127.0.0.1-6000.txt',
      'endpoints/127.0.0.1-6000.yaml',
    ]);
  });

  test('takes the meta file beside it with it, unless it becomes something else', () => {
    const meta = encodeUtf8('template: true\n');
    const [payload] = documentsInFile('a.dat', encodeUtf8('{}'), 'payloads', meta).documents;
    expect(payload).toMatchObject({ path: 'payloads/a.json', meta });
    const { documents } = documentsInFile('a.sh', encodeUtf8('nc localhost 80'), 'payloads', meta);
    expect(documents).toMatchObject([{ kind: 'endpoint' }]);
  });

  test('is refused in too many folders', () => {
    const { documents, problems } = documentsInFile(`${'a/'.repeat(20)}b.txt`, encodeUtf8('1'), 'payloads');
    expect(documents).toEqual([]);
    expect(problems).toMatchObject([{ code: 'bad-input', system: 'it has more than 16 parts' }]);
  });

  test('with any name becomes documents with paths of a workspace, in the folder, or a problem', () => {
    const name = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('..', '.', 'nul', 'a.json', '\u202e.xml'));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 18 }), fc.uint8Array(), (parts, bytes) => {
        const { documents, problems } = documentsInFile(parts.join('/'), bytes, 'payloads/in');
        expect(documents.length + problems.length).toBeGreaterThan(0);
        for (const { path } of documents) {
          expect(parseDocumentPath(path)).toEqual({ ok: true, value: path });
          expect(path).toMatch(/^(?:payloads\/in|endpoints)\//);
        }
      }),
    );
  });
});

describe('commands that are imported', () => {
  test('are one per line, and the others are problems', () => {
    const text = 'echo a | nc 127.0.0.1 1000\n\n# a comment\nrm -rf /\nsocat - TCP:127.0.0.1:2000\n';
    const { documents, problems } = documentsInCommands(text, 'payloads', false);
    expect(paths({ documents })).toEqual([
      'payloads/127.0.0.1-1000.txt',
      'endpoints/127.0.0.1-1000.yaml',
      'endpoints/127.0.0.1-2000.yaml',
    ]);
    expect(problems).toMatchObject([{ message: 'Could not read the command “rm -rf /”' }]);
  });

  test('with one address are one endpoint', () => {
    const { documents } = documentsInCommands('echo a | nc h 1\necho b | nc h 1\nnc -u h 1', 'payloads', false);
    expect(documents.filter(newDocuments()).map(({ kind }) => kind)).toEqual([
      'payload',
      'endpoint',
      'payload',
      'endpoint',
    ]);
  });
});
