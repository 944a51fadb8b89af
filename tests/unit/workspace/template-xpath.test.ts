import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import { firstByXPath } from '#workspace/template-xpath.ts';

const order = '<o:order xmlns:o="urn:o" id="7"><item n="1">a &amp; b</item><item n="2">c</item></o:order>';

function find(expression: string, document = order): string {
  const found = firstByXPath(encodeUtf8(document), expression);
  return found.ok ? found.value : `refused: ${found.reason}`;
}

describe('firstByXPath', () => {
  test.each([
    ['/o:order/@id', '7'],
    ['//item', 'a & b'],
    ['//item[2]', 'c'],
    ['//item[@n = "2"]/text()', 'c'],
    ['//item[@n="1" and contains(., "b")]', 'a & b'],
    ['//item[last()]', 'c'],
    ['count(//item)', '2'],
    ['//item[@n=2]/preceding-sibling::*[1]/@n', '1'],
    ['/*/item | //none', 'a & b'],
  ])('finds %s', (expression, value) => {
    expect(find(expression)).toBe(value);
  });

  test('finds long texts as they are', () => {
    const text = 'x'.repeat(500_000);
    expect(find('/a', `<a>${text}</a>`)).toBe(text);
  });

  test.each([
    ['//none', '`//none` finds nothing'],
    ['//item[', 'Invalid XPath'],
    ['count(1 to 1000000000)', '`to` is not supported'],
    ['for $i in //item return $i', '`$` is not supported'],
    ['//a[. = //b]', 'compares with a text or a number'],
    ['doc("/etc/passwd")', '`doc(` is not supported'],
    ['(1)', '`(` is not supported'],
    ['fn:matches(., "(a+)+")', '`matches(` is not supported'],
    [`${'//*['.repeat(9)}1${']'.repeat(9)}`, 'more than 8 nested brackets'],
    ['a'.repeat(1_001), 'more than 1000 characters'],
  ])('refuses %s', (expression, reason) => {
    expect(find(expression)).toContain(reason);
  });

  test('refuses what is not XML, and what is too large', () => {
    expect(find('/a', '<a>')).toContain('The document is not XML');
    expect(find('/a', `<a>${' '.repeat(524_288)}</a>`)).toContain('larger than 512 KiB');
    expect(find('/a', '<!DOCTYPE a><a/>')).toContain('has a DOCTYPE');
  });

  test.each(['//*[//*[//*[//*]]]', '//*[count(//*) > 1]', '//x//x//x//x[last()]', '//x[position() = last()]'])(
    'ends in time: %s',
    (expression) => {
      const document = `<x>${'<x><x/></x>'.repeat(1_300)}</x>`;
      const started = performance.now();
      find(expression, document);
      expect(performance.now() - started).toBeLessThan(1_000);
    },
  );

  test.each([
    ['elements', `<a>${'<b/>'.repeat(4_000)}</a>`, 'more than 4000 tags'],
    ['references', `<a>${'&lt;'.repeat(4_000)}</a>`, 'more than 4000 tags'],
    [
      'attributes',
      `<a ${Array.from({ length: 40_000 }, (_, index) => `a${index} = ''`).join(' ')}/>`,
      '1000 attributes',
    ],
  ])('refuses a document with too many %s before reading it', (_, document, reason) => {
    const started = performance.now();
    expect(find('//b', document)).toContain(reason);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
