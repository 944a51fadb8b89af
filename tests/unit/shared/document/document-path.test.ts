import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  caseClashes,
  fileNameOf,
  findByName,
  freePath,
  isIn,
  nameOf,
  parseDocumentPath,
  pathLimits,
  pathProblem,
} from '#shared/document/document-path.ts';
import { endpointKind } from '#shared/document/kinds/endpoint.ts';
import { payloadKind } from '#shared/document/kinds/payload.ts';

describe('the path of a document', () => {
  it.each([
    'a.json',
    'payloads/orders/new-order.json',
    'Übung/注文 2.xml',
    '.wirebench/schemas',
    'a..b',
    'x/…',
    'console.json',
  ])('%s', (path) => {
    expect(parseDocumentPath(path)).toEqual({ ok: true, value: path });
  });

  it('is in Unicode’s normal form C', () => {
    expect(parseDocumentPath('u\u0308.json')).toEqual({ ok: true, value: 'ü.json' });
  });

  it.each([
    ...[
      '',
      '/etc/passwd',
      '\\\\server\\share',
      'C:\\a',
      'c:a',
      '../a',
      'a/../b',
      'a/./b',
      '.',
      '..',
      'a//b',
      'a/',
      '/',
    ],
    ...[
      'a\u0000b',
      'a\nb',
      'a\u202eb',
      'a\u200bb',
      '\ufeffa',
      'a\ud800',
      'a\u001b[2J',
      'a\\b',
      'a:b',
      'a*',
      'a?',
      'a"',
      'a|b',
      '<a>',
    ],
    ...['con', 'CON.json', 'aux.tar.gz', 'nul ', 'COM1.txt', 'lpt9', 'a.', 'a ', ' a', 'b/a. /c', 'conin$', 'com¹'],
    ...['a'.repeat(121), '🧪'.repeat(64), Array.from({ length: 17 }, () => 'a').join('/'), 'a/'.repeat(5_000)],
  ])('is not %j', (path) => {
    const parsed = parseDocumentPath(path);
    expect(parsed).toMatchObject({ ok: false, error: { code: 'bad-input', hint: expect.stringMatching(/./) } });
    expect(!parsed.ok && parsed.error.message.length).toBeLessThan(600);
  });

  it('never leads out of the workspace if it is accepted', () => {
    const pieces = fc.constantFrom('.', '..', '/', '\\', 'a', ' ', ':', '\u0000', '~', '%2e', 'nul', '．', '／');
    fc.assert(
      fc.property(
        fc.array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 8 }),
        (parts) => {
          const parsed = parseDocumentPath(parts.join(''));
          if (!parsed.ok) return;
          expect(new URL(parsed.value.replaceAll('%', '%25'), 'file:///work/space/').pathname).toMatch(
            /^\/work\/space\/./,
          );
          expect(parsed.value.split('/').every((part) => part !== '' && part !== '.' && part !== '..')).toBe(true);
          expect(parseDocumentPath(parsed.value)).toEqual(parsed);
        },
      ),
    );
  });
});

describe('the name of a file for any text', () => {
  it('is one that each system allows', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('con', '..', '', 'a/b', 'com1 .x', '🧪'.repeat(99))),
        (text) => {
          expect(pathProblem(`${fileNameOf(text)}.yaml`)).toBeUndefined();
        },
      ),
    );
    expect(fileNameOf('Boiler: room 2/3')).toBe('Boiler- room 2-3');
  });
});

describe('paths that some system takes for one', () => {
  it('are found, folders too', () => {
    expect(caseClashes(['a/Order.json', 'a/order.json', 'A/x.json', 'b.json'])).toEqual([
      ['A', 'a'],
      ['a/Order.json', 'a/order.json'],
    ]);
    expect(caseClashes(['straße', 'STRASSE', 'u\u0308', 'Ü'])).toEqual(
      [
        ['STRASSE', 'straße'],
        ['u\u0308', 'Ü'],
      ].map((one) => one.sort()),
    );
    expect(caseClashes(['a/b', 'a/c'])).toEqual([]);
  });
});

describe('the name of a document', () => {
  const paths = [
    ...[
      'payloads/orders/new.json',
      'payloads/orders/new.xml',
      'payloads/a.txt',
      'payloads/a.json',
      'payloads/a.json.meta.yaml',
    ],
    ...['payloads/b.hex', 'endpoints/b.yaml', 'other/c.json'],
  ];

  it('is its path in its folder, without its ending', () => {
    expect(nameOf(payloadKind, 'payloads/orders/new.json')).toBe('orders/new');
    expect(isIn(payloadKind, 'payloads/.json')).toBe(false);
    expect(isIn(endpointKind, 'endpoints/b.yaml')).toBe(true);
  });

  it('is found with and without its ending', () => {
    expect(findByName(payloadKind, 'b', paths)).toEqual({ ok: true, value: 'payloads/b.hex' });
    expect(findByName(payloadKind, 'orders/new.xml', paths)).toEqual({ ok: true, value: 'payloads/orders/new.xml' });
  });

  it('is an error that lists the candidates for an ambiguous name, and all names for an unknown one', () => {
    expect(findByName(payloadKind, 'a', paths, 'payload')).toMatchObject({
      ok: false,
      error: { message: 'The payload name “a” is ambiguous', system: 'there are a.json, a.txt' },
    });
    expect(findByName(payloadKind, 'zz', paths, 'payload')).toMatchObject({
      ok: false,
      error: { code: 'not-found', hint: 'There are: a, b, orders/new.' },
    });
  });
});

describe('a free path', () => {
  it('has the next number', () => {
    expect(freePath('p/new-order.json', ['p/other.json'], '.json')).toBe('p/new-order.json');
    expect(freePath('p/new-order.json', ['p/new-order.json'], '.json')).toBe('p/new-order 2.json');
    expect(freePath('p/new-order 2.json', ['p/NEW-ORDER 2.json', 'p/new-order 3.json'], '.json')).toBe(
      'p/new-order 4.json',
    );
  });

  it('stays within the limits of a name', () => {
    const long = `p/${'a'.repeat(pathLimits.characters - 5)}.json`;
    const free = freePath(long, [long], '.json');
    expect(pathProblem(free)).toBeUndefined();
    expect(free).toMatch(/a 2\.json$/);
  });
});
