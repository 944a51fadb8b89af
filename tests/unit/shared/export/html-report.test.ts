import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import { htmlFormat, maxReportRecords } from '#shared/export/formats/html.ts';
import { formatRecord } from '#shared/export/formats/jsonl.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';

const counts = {
  records: 1,
  messagesIn: 1,
  messagesOut: 0,
  bytesIn: 5,
  bytesOut: 0,
  problems: 0,
  firstAt: 1,
  lastAt: 2,
};

function info(parts: Partial<SocketInfo>): SocketInfo {
  const ends = { endpoint: '', name: '', local: '127.0.0.1:1', peer: '127.0.0.1:2', framing: 'raw' };
  return { id: 1, role: 'accepted', transport: 'tcp', ...ends, ...parts };
}

function report(
  bytes: Uint8Array,
  row: Partial<Row> = {},
  about: Partial<Parameters<typeof htmlFormat>[0]> = {},
): string {
  const format = htmlFormat({ name: 's', appVersion: '1', scope: '', counts, sockets: [info({})], ...about });
  const common = { seq: 7, at: 1, kind: 'in', socket: 1, offset: 0, head: 0, tail: 0, flags: 0, preview: '' } as const;
  const whole: Row = { ...common, length: bytes.length, ...row };
  return `${format.header}${formatRecord(format, whole, bytes, about.sockets?.[0] ?? info({}))}${format.footer}`;
}

/** The report around nothing: what of a page is not the peer's. */
const tagsOf = (page: string) => page.match(/<[^>]*>/g) ?? [];

describe('htmlFormat', () => {
  it('shows the bytes of a peer as text, never as markup', () => {
    const empty = tagsOf(report(encodeUtf8('')));
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '<script>alert(1)</script>',
        ']]>',
        '"><img src=x onerror=alert(1)>',
        '&lt;b&gt;',
        '<!--',
        '</pre><td>',
        "'",
      ),
    );
    fc.assert(
      fc.property(
        fc.array(hostile).map((parts) => parts.join('')),
        (text) => {
          expect(tagsOf(report(encodeUtf8(text)))).toEqual(empty);
        },
      ),
    );
  });

  it('shows hostile names, addresses, notes and scopes as text', () => {
    const evil = '</style><script>"\'&';
    const page = report(
      encodeUtf8('x'),
      { mark: { bookmarked: true, note: evil } },
      {
        name: evil,
        appVersion: evil,
        scope: evil,
        sockets: [info({ name: evil, local: evil, peer: evil, framing: evil })],
      },
    );
    expect(page).not.toContain('<script>');
    expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThanOrEqual(8);
    expect(page).toContain('★ bookmarked');
  });

  it('shows control characters, and those that turn the direction of writing', () => {
    const page = report(encodeUtf8('a\u0000b\u001b[31m\r\nc\u202egnp.exe\u2066'));
    expect(page).toContain('<pre>a␀b␛[31m␍␊\nc⟨U+202E⟩gnp.exe⟨U+2066⟩</pre>');
  });

  it('shows bytes that are no text in hex', () => {
    expect(report(Uint8Array.of(0xff, 0x3c))).toContain('<pre><i>hex</i> ff 3c</pre>');
  });

  it('asks for nothing, runs nothing, and forbids both', () => {
    const page = report(encodeUtf8('x'));
    expect(page).toContain(`default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`);
    expect(page).not.toMatch(/<(script|link|img|iframe|object|embed|base|form)|@import|url\(|\son\w+=|https?:/i);
  });

  it('says in itself what it does not show', () => {
    const many = { ...counts, records: 2_000_000 };
    expect(report(encodeUtf8('x'), {}, { counts: many })).toContain(`the first ${maxReportRecords} of 2000000 records`);
    const format = htmlFormat({ name: '', appVersion: '', scope: '', counts, sockets: [] });
    expect(format.shortened?.(4_096, 300_000_000)).toContain('the first 4\u202f096 B of 300\u202f000\u202f000 B');
  });
});
