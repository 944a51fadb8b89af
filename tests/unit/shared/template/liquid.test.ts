import fc from 'fast-check';
import { Liquid } from 'liquidjs';
import { expect, test } from 'vitest';
import { parseTemplate, render } from '#shared/template/template.ts';
import { cases, Reached } from '#support/cases.ts';
import { sampleScope } from '#support/template-scope.ts';

/** LiquidJS's own rendering, with the same answers to missing values. */
const liquid = new Liquid({ strictVariables: true, strictFilters: true, lenientIf: true, ownPropertyOnly: true });

const row = {
  name: 'Ada "L"',
  nothing: '',
  n: 7,
  zero: 0,
  yes: true,
  no: false,
  list: ['b', 'a', 'b'],
  object: { a: { b: 3 } },
};

const words = fc.constantFrom('""', '"a"', '"Ab c "', '"a,b,,c"', '", "', '"é"', '"b"');
const numbers = fc.constantFrom('0', '1', '-2', '3.5', '12', 'n', 'zero');
const texts = fc.oneof(words, fc.constantFrom('name', 'nothing'));
const values = fc.oneof(
  texts,
  numbers,
  fc.constantFrom(
    'yes',
    'no',
    'true',
    'false',
    'nil',
    'object.a.b',
    'list[0]',
    'list[-1]',
    'list.size',
    'missing',
    'nothing.x',
  ),
);

const textFilter = fc.oneof(
  fc.constantFrom('upcase', 'downcase', 'capitalize', 'strip', 'lstrip', 'rstrip', 'size', 'split: "," | join: "-"'),
  fc.tuple(fc.constantFrom('append', 'prepend', 'remove'), texts).map(([name, arg]) => `${name}: ${arg}`),
  fc
    .tuple(fc.constantFrom('replace', 'replace_first'), words, texts)
    .map((parts) => `${parts[0]}: ${parts[1]}, ${parts[2]}`),
  fc.tuple(fc.constantFrom('truncate'), fc.nat(9), words).map((parts) => `${parts[0]}: ${parts[1]}, ${parts[2]}`),
);
const numberFilter = fc.oneof(
  fc.constantFrom('abs', 'ceil', 'floor', 'round'),
  fc
    .tuple(fc.constantFrom('plus', 'minus', 'times', 'at_least', 'at_most', 'modulo', 'divided_by'), numbers)
    .map(([name, arg]) => `${name}: ${arg}`),
);
const piped = (value: fc.Arbitrary<string>, filter: fc.Arbitrary<string>) =>
  fc.tuple(value, fc.array(filter, { maxLength: 3 })).map((parts) => [parts[0], ...parts[1]].join(' | '));
const expression = fc.oneof(
  values,
  piped(texts, textFilter),
  piped(numbers, numberFilter),
  values.map((value) => `${value} | default: "none"`),
  fc.constantFrom('list | join: "+"', 'list | sort | first', 'list | uniq | size', 'list | reverse | last'),
);
// Wirebench orders numbers and texts only; LiquidJS also says that a missing value is not less than 0.
const comparison = fc
  .oneof(
    fc.tuple(values, fc.constantFrom('==', '!=', 'contains'), values),
    fc.tuple(fc.oneof(numbers, texts), fc.constantFrom('<', '>', '<=', '>='), fc.oneof(numbers, texts)),
  )
  .map((parts) => parts.join(' '));
const condition = fc.oneof(
  values,
  comparison,
  fc.tuple(comparison, fc.constantFrom('and', 'or'), comparison).map((parts) => parts.join(' ')),
  fc.tuple(fc.constant('not'), values).map((parts) => parts.join(' ')),
  // To LiquidJS the literal `nil` is not blank, but a missing value is.
  fc
    .tuple(
      values.filter((it) => it !== 'nil'),
      fc.constantFrom('== blank', '== empty', '!= empty'),
    )
    .map((parts) => parts.join(' ')),
);

const { template } = fc.letrec<{ part: string; template: string }>((tie) => ({
  template: fc.array(tie('part'), { maxLength: 4 }).map((parts) => parts.join('')),
  part: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom(
      'text ',
      '\n',
      '{ }',
      '  x  ',
      '{{- " a " -}}',
      '{% raw %}{{ a }}{% endraw %}',
      '{% comment %}{{ a }}{% endcomment %}',
    ),
    fc.constantFrom('{{ missing }}', '{{ nothing.x | append: "a" }}', '{{ name | default: "b" }}'),
    expression.map((it) => `{{ ${it} }}`),
    expression.map((it) => `{%- assign v = ${it} %}{{ v }}`),
    fc
      .tuple(condition, tie('template'), tie('template'))
      .map(([it, a, b]) => `{% if ${it} %}${a}{% else %}${b}{% endif %}`),
    fc
      .tuple(condition, condition, tie('template'))
      .map(([a, b, it]) => `{% unless ${a} %}${it}{% elsif ${b} %}2{% endunless %}`),
    fc
      .tuple(values, values, tie('template'))
      .map(([a, b, it]) => `{% case ${a} %}{% when ${b}, 7 %}${it}{% else %}-{% endcase %}`),
    fc
      .tuple(values, tie('template'))
      .map(
        ([b, it]) => `{% for i in (1..4) limit: 3 %}{{ i }}${it}{% if i == ${b} %}{% break %}{% endif %}{% endfor %}`,
      ),
    tie('template').map(
      (it) =>
        `{% for i in list reversed offset: 1 %}{{ forloop.index }}/{{ forloop.rindex0 }}{{ i }}${it}{% continue %}.{% endfor %}`,
    ),
    tie('template').map((it) => `{% capture c %}${it}{% endcapture %}{{ c }}{{ c | size }}`),
  ),
}));

/** What each engine makes of a template; `undefined` for an error. */
function byLiquid(text: string): string | undefined {
  try {
    return liquid.renderSync(liquid.parse(text), row);
  } catch {
    return undefined;
  }
}

function byWirebench(text: string): string | undefined {
  const parsed = parseTemplate('text', text);
  const result = parsed.ok ? render(parsed.value, sampleScope({ row })) : parsed;
  return result.ok ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(result.value) : undefined;
}

test('a template renders as LiquidJS renders it', () => {
  const reached = new Reached<'text' | 'errors in both' | 'stricter'>();
  fc.assert(
    fc.property(template, (text) => {
      const [expected, actual] = [byLiquid(text), byWirebench(text)];
      // Wirebench also refuses a division by zero, and an operand that is not a number.
      if (actual !== undefined) expect(actual).toBe(expected);
      reached.note(actual !== undefined ? 'text' : expected === undefined ? 'errors in both' : 'stricter');
    }),
    cases(800),
  );
  reached.expectEach(['text'], 300);
  reached.expectEach(['errors in both'], 2);
  expect(reached.of('stricter')).toBeLessThan(reached.of('text') / 4);
});
