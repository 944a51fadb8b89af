import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseXml } from '#shared/payload/xml.ts';
import { tagCompletion, tagNamesAt } from '#shared/payload/xml-tags.ts';

/** Returns the completion at `|`. */
function completed(marked: string): string | undefined {
  const at = marked.indexOf('|');
  return tagCompletion(marked.replace('|', ''), at)?.text;
}

/** Returns the text with both names at `|` in brackets. */
function linked(marked: string): string | undefined {
  const text = marked.replace('|', '');
  const names = tagNamesAt(text, marked.indexOf('|'));
  if (!names) return undefined;
  const [first, second] = names;
  const part = (from: number, to?: number) => text.slice(from, to);
  return `${part(0, first.at)}[${part(first.at, first.end)}]${part(first.end, second.at)}[${part(second.at, second.end)}]${part(second.end)}`;
}

describe('a closing tag', () => {
  test.each([
    ['<a>|', '</a>'],
    ['<a>|\n<b/>', '</a>'],
    ['<a x="1>2" y=\'/\'>|', '</a>'],
    ['<a><b>|</a>', '</b>'],
    ['<a><a>|</a>', '</a>'],
    ['<a & < <b>|', '</b>'],
    ['<é:x.y-1>|', '</é:x.y-1>'],
    ['<a></|', 'a>'],
    ['<a><b>text</|</a>', 'b>'],
    ['<a><!-- <c> --><b/></|', 'a>'],
    ['<?xml version="1.0"?><!DOCTYPE a><a></|', 'a>'],
  ])('of %s is completed', (text, completion) => {
    expect(completed(text)).toBe(completion);
  });

  test.each([
    '<a>|</a>',
    '<a><b>|</b></a>',
    '<a/>|',
    '</a>|',
    '>|',
    'a > |',
    '<a x="b>|"',
    '<!-- <a>|',
    '<!-- <a>| -->',
    '<![CDATA[<a>|]]>',
    '<?a b>|',
    '<!DOCTYPE a>|',
    '</|',
    '<a/></|',
    '<a></|a>',
    '<a><!-- </|',
    '<1>|',
    `${' '.repeat(1_048_576)}<a>|`,
  ])('of %s is not completed', (text) => {
    expect(completed(text)).toBeUndefined();
  });
});

test('a closing tag that is there is replaced by the typed one', () => {
  expect(tagCompletion('<a>t</</a>', 6)).toEqual({ text: 'a>', replaced: 4 });
  expect(tagCompletion('<a><a>t</</a>', 9)).toEqual({ text: 'a>', replaced: 0 });
  expect(tagCompletion('<a>t</ </a>', 6)).toEqual({ text: 'a>', replaced: 0 });
});

describe('the names of both tags', () => {
  test.each([
    ['<|a></a>', '<[a]></[a]>'],
    ['<a|></a>', '<[a]></[a]>'],
    ['<a></a|>', '<[a]></[a]>'],
    ['<a><b|c x="1">t</bc></a>', '<a><[bc] x="1">t</[bc]></a>'],
    ['<a><a></|a></a>', '<a><[a]></[a]></a>'],
    ['<a><b></a|>', undefined],
    ['<!-- <|a></a> -->', undefined],
    ['<a |></a>', undefined],
    ['<|a/>', undefined],
    ['<a>|t</a>', undefined],
  ])('in %s are %s', (text, names) => {
    expect(linked(text)).toBe(names);
  });
});

const names = fc.constantFrom('a', 'b', 'é', 'x:y');
const { element } = fc.letrec<{ element: string }>((tie) => ({
  element: fc
    .tuple(
      names,
      fc.array(fc.oneof({ depthSize: 'small' }, fc.constantFrom('t', '<c/>', '<!--<a>-->'), tie('element')), {
        maxLength: 3,
      }),
    )
    .map(([name, children]) => `<${name} q="&gt;>">${children.join('')}</${name}>`),
}));

describe('a well-formed document', () => {
  test('has no tag to complete, and each element has both names', () => {
    fc.assert(
      fc.property(element, (text) => {
        const parsed = parseXml(text);
        if (!parsed.ok) throw new Error(parsed.problem.reason);
        for (let at = 0; at <= text.length; at += 1)
          if (text[at - 1] === '>') expect(tagCompletion(text, at)).toBeUndefined();
        const { name, at, closeAt } = parsed.value.root;
        const both = [at + 1, closeAt + 2].map((start) => ({ at: start, end: start + name.length }));
        expect(tagNamesAt(text, at + 1)).toEqual(both);
        // Without its last tag, that tag is what is completed.
        expect(tagCompletion(`${text.slice(0, closeAt)}</`, closeAt + 2)?.text).toBe(`${name}>`);
      }),
    );
  });

  test('and any other text are scanned without an error', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('<', '>', '/', 'a', '"', '!', '--', '?', '<a>', '</a>', ' ')), (parts) => {
        const text = parts.join('');
        for (let at = 0; at <= text.length; at += 1) {
          tagCompletion(text, at);
          tagNamesAt(text, at);
        }
      }),
    );
  });
});
