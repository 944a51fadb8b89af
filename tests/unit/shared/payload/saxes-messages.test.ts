import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { readSaxesMessage } from '#shared/payload/saxes-messages.ts';

/** Returns the mistakes that the installed saxes reports in `text`. */
function mistakesOf(text: string) {
  const messages: string[] = [];
  class Collecting extends SaxesParser<{ xmlns: true }> {
    override fail(message: string): this {
      messages.push(message);
      return this;
    }
  }
  new Collecting({ xmlns: true }).write(text).close();
  return messages.map(readSaxesMessage);
}

test.each([
  ['<a x></a>', { kind: 'missing-value' }],
  ['<a>\u0001</a>', { kind: 'disallowed-character' }],
  ['', { kind: 'missing-root' }],
  ['<a/><b/>', { kind: 'second-root' }],
  ['<a>&#0;</a>', { kind: 'malformed-character-reference' }],
  ['<a><!-- -- --></a>', { kind: 'malformed-comment' }],
  ['<a x="1"y="2"/>', { kind: 'missing-white-space' }],
  ['<a/>text', { kind: 'text-outside-root' }],
  ['<a>]]></a>', { kind: 'cdata-end-in-text' }],
  ['<a>&b;</a>', { kind: 'undefined-entity' }],
  ['<a><b></a>', { kind: 'unexpected-close-tag' }],
  ['<a x=1/>', { kind: 'unquoted-value' }],
  ['<a></b></a>', { kind: 'unmatched-close-tag' }],
  ['<a>', { kind: 'unclosed-tag' }],
  ['<a x="1" x="2"/>', { kind: 'duplicate-attribute', name: 'x' }],
  ['<a xmlns:p="u" xmlns:q="u" p:x="1" q:x="2"/>', { kind: 'duplicate-attribute', name: 'x' }],
  ['<p:a/>', { kind: 'unbound-prefix', prefix: 'p' }],
  ['<?xml version="2"?><a/>', { kind: 'other', text: 'version number must match /^1\\.[0-9]+$/' }],
])('saxes reports %j as %j', (text, mistake) => {
  expect(mistakesOf(text)).toContainEqual(mistake);
});
