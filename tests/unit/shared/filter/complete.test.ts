import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseOption, completeFilter } from '#shared/filter/complete.ts';
import { filterFields, filterKinds } from '#shared/filter/fields.ts';

/** The labels at the bar in `text`, and what the choice of the first makes of it. */
function complete(text: string) {
  const caret = text.indexOf('|');
  const plain = text.replace('|', '');
  const completion = completeFilter(plain, caret);
  const { options } = completion;
  const first = options[0];
  return {
    labels: options.map(({ label }) => label),
    chosen: first && chooseOption(plain, completion, first).text,
  };
}

describe('completeFilter', () => {
  test('offers the fields where a condition begins', () => {
    const fields = filterFields.map(({ name }) => name);
    for (const text of ['|', 'in && |', '(|', 'in && !|', 'in or not |'])
      expect(complete(text).labels, text).toEqual(fields);
  });

  test.each([
    ['le|', ['len'], 'len '],
    ['in && l|', ['len', 'local'], 'in && len '],
    ['endpoint|', ['endpoint', 'endpoint.id'], 'endpoint '],
    ['js|', ['json'], 'json.'],
    ['tra|', ['transport'], 'transport '],
    ['transport == w|', ['ws', 'wss'], 'transport == ws '],
    ['transport in {u|', ['udp'], 'transport in {udp'],
    ['le| > 5', ['len'], 'len > 5'],
    ['in && bo|x', ['bookmarked'], 'in && bookmarked '],
    ['len |', ['==', '!=', '<', '<=', '>', '>=', 'in'], 'len == '],
    ['peer |', ['==', '!=', 'contains', 'matches', 'in', '&&', '||'], 'peer == '],
    ['json.a.b c|', ['contains'], 'json.a.b contains '],
    ['len =|', ['=='], 'len == '],
    ['len >|', ['>', '>='], 'len > '],
    ['kind == cl|', ['closed'], 'kind == closed '],
    ['kind in {|', [...filterKinds], 'kind in {message'],
    ['kind in {closed, o|', ['out', 'opened'], 'kind in {closed, out'],
    ['kind not |', ['in'], 'kind not in {'],
    ['checksum |', ['==', '!=', 'in', '&&', '||'], 'checksum == '],
    ['checksum == |', ['ok', 'bad'], 'checksum == ok '],
    ['checksum != b|', ['bad'], 'checksum != bad '],
    ['kind in |', ['{'], 'kind in {'],
    ['json.ok == t|', ['true'], 'json.ok == true '],
    ['len > 5 |', ['&&', '||'], 'len > 5 && '],
    ['(in) |', ['&&', '||'], '(in) && '],
    ['len > 5 &|', ['&&'], 'len > 5 && '],
  ])('at the bar of %s offers what fits', (text, labels, chosen) => {
    expect(complete(text)).toEqual({ labels, chosen });
  });

  test.each([
    'len|',
    'text contains "le|',
    'text contains "le|"',
    'text contains "le"|',
    '(in)|',
    'socket == |',
    'zzz|',
  ])('offers nothing at the bar of %s', (text) => {
    expect(complete(text).labels).toEqual([]);
  });

  test('never throws, and replaces what lies around the caret', () => {
    const unit = fc.constantFrom(...'lenjsoi ="\\{}()[]&|!~<>.,é\n', 'kind ', 'json.', 'in ', ' == ');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 30 }), fc.nat(60), (text, at) => {
        const caret = Math.min(at, text.length);
        const { from, to } = completeFilter(text, caret);
        expect(from).toBeLessThanOrEqual(caret);
        expect(to).toBeGreaterThanOrEqual(caret);
        expect(to).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
