import { describe, expect, test } from 'vitest';
import { messagesIn, problemsIn } from '#support/framing.ts';

describe('XML documents', () => {
  test.each([
    ['one after the other', '<a>1</a><b/>\n<c x="1"/>', ['‹<a>1</a>›', '‹<b/>›', '\n‹<c x="1"/>›']],
    ['with the same element inside', '<a><a/><a></a></a><a/>', ['‹<a><a/><a></a></a>›', '‹<a/>›']],
    ['with a declaration', '<?xml version="1.0"?>\n<a/>', ['‹<?xml version="1.0"?>\n<a/>›']],
    ['with a byte order mark', '\xef\xbb\xbf<a/>', ['\xef\xbb\xbf‹<a/>›']],
    ['with markup in attributes', `<a x="</a>"/>`.replace('</a>', '>/>'), ['‹<a x=">/>"/>›']],
    ['with a slash at the end of an attribute', '<a x="/"><b y=1/></a>', ['‹<a x="/"><b y=1/></a>›']],
    ['with markup in comments', '<a><!-- </a> - -- > --></a>', ['‹<a><!-- </a> - -- > --></a>›']],
    ['with markup in CDATA', '<a><![CDATA[</a>]] >]]]></a>', ['‹<a><![CDATA[</a>]] >]]]></a>›']],
    ['with markup in instructions', '<?go </a> ? > ?><a><?x >??></a>', ['‹<?go </a> ? > ?><a><?x >??></a>›']],
    [
      'with a DOCTYPE',
      `<!DOCTYPE a SYSTEM "]>" [<!ENTITY e '"]><a/>'><!-- ]> ' --><?x ]> " ?>]><a/>`,
      [`‹<!DOCTYPE a SYSTEM "]>" [<!ENTITY e '"]><a/>'><!-- ]> ' --><?x ]> " ?>]><a/>›`],
    ],
    ['in another alphabet', '<\xc3\xa9/>', ['‹<\xc3\xa9/>›']],
    ['with a comment after the last', '<a/><!-- bye -->', ['‹<a/>›', '‹<!-- bye -->› filler']],
    ['whose stream ends inside', '<a><b></b>', ['‹<a><b></b>› incomplete']],
    ['of which there is only the declaration', '<?xml version="1.0"?>', ['‹<?xml version="1.0"?>› incomplete']],
  ])('%s', (_name, wire, messages) => {
    expect(messagesIn('xml', wire)).toEqual(messages);
  });

  test.each([
    ['text', 'hello<a/>', ['‹hello› malformed', '‹<a/>›'], 'the byte 68 does not start an XML document'],
    ['an end tag', '</a><b/>', ['‹</a>› malformed', '‹<b/>›'], 'an end tag is outside a document'],
    ['a bare <', '<a>1 < 2<b/>', ['‹<a>1 < 2› malformed', '‹<b/>›'], 'the byte 20 is invalid after “<”'],
    ['a < in a tag', '<a <b/>', ['‹<a › malformed', '‹<b/>›'], 'unexpected “<” in a tag'],
    ['a < in an end tag', '<a></a<b/>', ['‹<a></a› malformed', '‹<b/>›'], 'unexpected “<” in a tag'],
    ['a lost quote', '<a x="1><b/>', ['‹<a x="1>› malformed', '‹<b/>›'], 'unexpected “<” in an attribute value'],
    [
      'CDATA beside the root',
      '<![CDATA[x]]><b/>',
      ['‹<![CDATA[x]]>› malformed', '‹<b/>›'],
      'the byte 5b is invalid after “<!”',
    ],
    [
      'text after a declaration',
      '<?xml?>x<b/>',
      ['‹<?xml?>x› malformed', '‹<b/>›'],
      'the byte 78 is before the root element',
    ],
    [
      'an element in a DOCTYPE',
      '<!DOCTYPE a [<b/>',
      ['‹<!DOCTYPE a [<b/>› malformed'],
      'the byte 62 is invalid after “<” in a DOCTYPE',
    ],
  ])('%s is malformed up to the next “<”', (_name, wire, messages, problem) => {
    expect(messagesIn('xml', wire)).toEqual(messages);
    expect(problemsIn('xml', wire)).toEqual([problem]);
  });
});
