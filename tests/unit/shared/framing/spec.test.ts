import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { framings } from '#shared/framing/catalogue.ts';
import { framingSpecSchema } from '#shared/framing/framing-schema.ts';
import { formatFraming, framingSpellings, parseFraming } from '#shared/framing/spec.ts';
import { cases, Reached } from '#support/cases.ts';
import { framingCases } from '#support/framing-cases.ts';

describe('the command line’s spelling', () => {
  test.each([
    'raw',
    'line',
    'line:keep',
    'line:crlf',
    'line:crlf:keep',
    'line:cr',
    'delim:03',
    'delim:0d0a0d0a',
    'delim:03:keep',
    'fixed:16',
    'fixed:1048576',
    'fixed:16:pad20',
    'len:1',
    'len:1:incl',
    'len:2be:at4',
    'len:2le:incl',
    'len:4be',
    'len:8le:at64:incl',
    'len:varint',
    'len:varint:at1:incl',
    'len:3le:adj1',
    'len:5be',
    'len:6le',
    'len:7be',
    'len:4be:at1:adj-4',
    'len:4be:at3:adj1:tail1:first414d515000000901',
    'len:2be:starta55a',
    'len:2le:at3:incl:adj2:tail4:startb562',
    'stx',
    'stx:0b:1c:10',
    'slip',
    'slip:7e:7d:5e:5d',
    'start:aa55:fixed:16',
    'start:24:delim:0d0a',
    'octet',
    'syslog',
    'netstring',
    'mllp',
    'lsp',
    'xmpp',
    'resp',
    'scpi',
    'stomp',
    'fix',
    'fix:FIXT.1.1',
    'postgres',
    'cobs',
    'json',
    'json:array',
    'xml',
    'http',
    'gap:50',
    'gap:600000',
  ])('%s is read and written back', (text) => {
    const spec = parseFraming(text);
    expect(spec && formatFraming(spec)).toBe(text);
    expect(framingSpecSchema.parse(spec)).toEqual(spec);
  });

  test.each([
    ['line:lf', 'line'],
    ['delim:0A', 'line'],
    ['delim:0d0a:keep', 'line:crlf:keep'],
    ['delim:\\x0d\\x0a', 'line:crlf'],
    ['delim:0d:0A:03', 'delim:0d0a03'],
    ['delim:{0x0d, 0x0a}:keep', 'line:crlf:keep'],
    ['fixed:16:pad00', 'fixed:16'],
    ['fixed:16:pad0x2A', 'fixed:16:pad2a'],
    ['stx:0x02:\\x03:10', 'stx'],
    ['len:4', 'len:4be'],
    ['len:1le', 'len:1'],
    ['len:2be:at0', 'len:2be'],
    ['len:2be:at2:starta55a', 'len:2be:starta55a'],
    ['len:2BE:adj0:tail0:startA55A', 'len:2be:starta55a'],
    ['stx:02:03:10', 'stx'],
    ['slip:C0:DB:DC:DD', 'slip'],
    ['start:AA55:fixed:16', 'start:aa55:fixed:16'],
    ['fix:FIX.4.4', 'fix'],
  ])('%s is another spelling of %s', (text, canonical) => {
    const spec = parseFraming(text);
    expect(spec && formatFraming(spec)).toBe(canonical);
  });

  test.each([
    '',
    'lines',
    'line:',
    'line:keep:keep',
    'raw:keep',
    'delim:',
    'delim:xyz',
    'delim:0',
    `delim:${'00'.repeat(33)}`,
    'fixed',
    'fixed:0',
    'fixed:1048577',
    'fixed:16:pad',
    'fixed:16:pad123',
    'len:0',
    'len:9be',
    'len:2be:adj',
    'len:2be:adj65537',
    'len:2be:tail65',
    'len:2be:start',
    'len:2be:at1:starta55a',
    'len:2be:start0',
    `len:2be:first${'00'.repeat(33)}`,
    'len:4me',
    'len:varintbe',
    'len:4be:at65',
    'len:4be:incl:at2',
    'stx:02',
    'stx:02:02:10',
    'stx:02:03:1',
    'slip:c0',
    'slip:c0:c0:dc:dd',
    'slip:c0:db:dc:d',
    'start:',
    'start:aa',
    'start::fixed:4',
    'start:aa:fixed:0',
    'start:aa:delim:',
    'octet:1',
    'fix:4.4',
    'fix:FIX.4.4\x01',
    'json:',
    'json:lines',
    'xml:1',
    'gap',
    'gap:0',
    'gap:600001',
    'gap:-1',
    'constructor',
    '__proto__',
  ])('%j is refused', (text) => {
    expect(parseFraming(text)).toBeUndefined();
  });

  test('of any text is refused or stays the same once written', () => {
    const words = fc.constantFrom(
      'line',
      'len:',
      'fixed:',
      ':',
      '4be',
      'at',
      '16',
      'keep',
      'pad',
      '20',
      'stx',
      'gap:',
      'delim:0a',
    );
    const reached = new Reached<'a framing' | 'none'>();
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words, { maxLength: 5 }).map((all) => all.join('')),
          fc.tuple(fc.constantFrom(...framingCases), words).map(([{ name }, more]) => `${name}${more}`),
          fc.constantFrom(...framingCases).map(({ name }) => name),
        ),
        (text) => {
          const spec = parseFraming(text);
          reached.note(spec ? 'a framing' : 'none');
          const written = spec && formatFraming(spec);
          const again = written === undefined ? undefined : parseFraming(written);
          expect(again && formatFraming(again)).toBe(written);
        },
      ),
      cases(500),
    );
    reached.expectEach(['a framing', 'none'], 20);
  });

  test('of every kind is in the help', () => {
    const kinds = framings.map(({ kind }) => kind);
    const examples = framingSpellings.map((spelling) =>
      spelling
        .replaceAll(/\[.*?\]/g, '')
        .replaceAll(/\|.*/g, '')
        .replaceAll('HEX', '0a')
        .replace(/^len:SIZE/, 'len:4')
        .replace('SIZE', '16')
        .replace('MS', '50'),
    );
    expect(new Set(examples.map((example) => parseFraming(example)?.kind))).toEqual(new Set(kinds));
  });
});

describe('a framing that is given as data', () => {
  test('has defaults for what is left out', () => {
    expect(framingSpecSchema.parse({ kind: 'stx' })).toEqual({ kind: 'stx', stx: '02', etx: '03', escape: '10' });
    expect(framingSpecSchema.parse({ kind: 'fixed', size: 4 })).toEqual({ kind: 'fixed', size: 4, pad: '00' });
    expect(framingSpecSchema.parse({ kind: 'delimiter', delimiter: '0a' })).toEqual({
      kind: 'delimiter',
      delimiter: '0a',
    });
    expect(framingSpecSchema.parse({ kind: 'length', size: 4 })).toMatchObject({
      endian: 'be',
      offset: 0,
      inclusive: false,
    });
  });

  test.each([
    { kind: 'fixed', size: 1.5 },
    { kind: 'fixed', size: 4, pad: '0000' },
    { kind: 'length', size: 9 },
    { kind: 'length', size: 2, start: 'a55a' },
    { kind: 'length', size: 2, tail: 65 },
    { kind: 'length', size: 2, first: '' },
    { kind: 'length', size: 4, offset: -1 },
    { kind: 'stx', stx: '02', etx: '02', escape: '10' },
    { kind: 'slip', end: 'db' },
    { kind: 'fix', version: 'FIX' },
    { kind: 'start-fixed', start: '', size: 4 },
    { kind: 'gap', ms: 0 },
    { kind: 'delimiter', delimiter: '' },
    { kind: 'soap' },
  ])('%j is refused', (spec) => {
    expect(framingSpecSchema.safeParse(spec).success).toBe(false);
  });
});
