import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { payloadFormats } from '#shared/payload/payload.ts';
import { describe as describeFunctions } from '#shared/template/functions/catalogue.ts';
import { parseTemplate, render, valueAt, variablesOf } from '#shared/template/template.ts';
import { cases, Reached } from '#support/cases.ts';
import { rendered, sampleScope } from '#support/template-scope.ts';

const functions = describeFunctions().flatMap((it) => it.functions);
const filters = functions.filter(({ kind }) => kind === 'filter');

/** A template that doubles a text `times` times. */
const doubling = (filter: string, times = 60) =>
  `{% assign a = "0123456789" %}{% for i in (1..${times}) %}{% assign a = a | ${filter} %}{% endfor %}{{ a | size }}`;
/** A template that repeats `body` as often as a loop can. */
const loops = (body: string) => `{% for i in (1..100000) %}${body}{% endfor %}`;
const nested = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels);

/** Templates that would take very long, or very much memory, without limits; and why they end. */
const bombs: readonly (readonly [name: string, text: string, reason: string])[] = [
  ['a huge range', '{% for i in (1..1000000000) %}x{% endfor %}', 'The range has more than 100000 items'],
  [
    'a range beyond exact integers',
    '{% for i in (9007199254740992..9007199254740994) %}{% endfor %}',
    'The bounds of a range must be integers below 2^53',
  ],
  [
    'loops of empty loops',
    '{% for a in (1..1000) %}{% for b in (1..1000) %}{% for c in (1..1000) %}{% endfor %}{% endfor %}{% endfor %}',
    'The template needs more than 500000 steps: shorten its loops',
  ],
  [
    'loops of loops with text',
    '{% for a in (1..1000) %}{% for b in (1..1000) %}{% for c in (1..1000) %}x{% endfor %}{% endfor %}{% endfor %}',
    'The template needs more than 500000 steps: shorten its loops',
  ],
  [
    'a text that doubles',
    doubling('append: a'),
    'The filters of the template process more than 32 MiB for one message',
  ],
  [
    'a replacement that contains the text',
    doubling('replace: "0", a'),
    'The filters of the template process more than 32 MiB for one message',
  ],
  ['a replacement of nothing', doubling('replace: "", a'), 'The text to replace is empty'],
  ['a huge padding', '{{ 1 | pad: 999999999 }}', '`width` must be an integer from 0 to 16777216, not `999999999`'],
  [
    'a huge width of a date',
    '{{ now | date: "%999999999Y" }}',
    'The filters of the template process more than 32 MiB for one message',
  ],
  ['a long list', '{{ 200000 | random_text | split: "" | size }}', 'The text has more than 100000 parts'],
  [
    'a number that grows',
    doubling('times: 1000', 400).replace('"0123456789"', '7'),
    'A number has more than 1000 digits',
  ],
  [
    'a message that is too long',
    '{% assign a = 1000000 | random_text %}{% for i in (1..100) %}{{ a }}{% endfor %}',
    'The message is longer than 16 MiB',
  ],
  [
    'captured blocks that double',
    `{% assign a = "0123456789" %}${'{% capture a %}{{ a }}{{ a }}{% endcapture %}'.repeat(40)}`,
    'The message is longer than 16 MiB',
  ],
  [
    'long texts that are compared again and again',
    `{% assign a = 1000000 | random_text %}{% assign b = a | append: "x" | slice: 0, 1000000 %}${loops('{% if a == b %}{% endif %}')}`,
    'The filters of the template process more than 32 MiB for one message',
  ],
  [
    'a long text that is captured again and again',
    `{% assign a = 1000000 | random_text %}${loops('{% capture c %}{{ a }}{% endcapture %}')}`,
    'The filters of the template process more than 32 MiB for one message',
  ],
  [
    'a large object that is counted again and again',
    loops('{% if object.size %}{% endif %}'),
    'The filters of the template process more than 32 MiB for one message',
  ],
  [
    'long conditions',
    loops(`{% if ${'true and '.repeat(400)}true %}{% endif %}`),
    'The template needs more than 500000 steps: shorten its loops',
  ],
  [
    'many branches',
    loops(`{% if nil %}${'{% elsif nil %}'.repeat(5_000)}{% endif %}`),
    'The template needs more than 500000 steps: shorten its loops',
  ],
  [
    'many cases',
    loops(`{% case 1 %}${`{% when ${'2,'.repeat(1_000)}2 %}`.repeat(100)}{% endcase %}`),
    'The filters of the template process more than 32 MiB for one message',
  ],
  [
    'long paths',
    loops(`{% if object${'.a'.repeat(1_900)} %}{% endif %}`),
    'The filters of the template process more than 32 MiB for one message',
  ],
  ['many counters', loops('{{ i | counter }}'), 'There are more than 1000 counters'],
  ['deep blocks', nested('{% if true %}', '{% endif %}', 5_000), 'Blocks are nested deeper than 32 levels'],
  ['deep brackets', `{{ ${nested('a[', ']', 1_300)} }}`, 'There is no value'],
  ['a long expression', `{{ 1 ${'| plus: 1 '.repeat(9_000)} }}`, 'An expression has at most 4096 characters'],
  ['many parts', '{{ 1 }}'.repeat(30_000), 'A template has at most 20000 parts'],
  ['a long template', ' '.repeat(5_000_000), 'A template has at most 4194304 characters'],
  ['a pattern that backtracks', `{{ "${'a'.repeat(2_000)}" | regex: "^(a+)+$", 1 | size }}!`, '2000!'],
  ['a pattern that is large', '{{ "a" | regex: "((a{100}){10}){1}" }}', 'The regular expression is too large'],
  [
    'a pattern on a large message',
    '{{ 4000000 | random_text | regex: "(a|b|c|d)*z(0|1|2|3)*" }}',
    '4000000 characters are too many for this regular expression',
  ],
];

const object = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`key ${index}`, index]));

describe('a hostile template ends', () => {
  test.each(bombs)('%s', (_, text, reason) => {
    const startedAt = performance.now();
    expect(rendered('text', text, { environment: { name: 'Ada', object } })).toContain(reason);
    // It takes milliseconds; without the limits, hours.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  test('with any syntax in it', () => {
    const pieces = fc.constantFrom(
      ...[
        '{{',
        '}}',
        '{%',
        '%}',
        '-',
        '|',
        ':',
        ',',
        '.',
        '[',
        ']',
        '(',
        ')',
        '..',
        '"',
        "'",
        '\\',
        '\n',
        ' ',
        '0',
        '1e9',
        '99999999',
      ],
      ...[
        'if',
        'else',
        'endif',
        'for',
        'in',
        'endfor',
        'case',
        'when',
        'endcase',
        'capture',
        'endcapture',
        'assign',
        '=',
        'raw',
      ],
      ...[
        'endraw',
        'comment',
        'endcomment',
        'break',
        'liquid',
        'include',
        'render',
        'name',
        'last',
        'now',
        'counter',
        'list',
      ],
      ...[
        '{{ name',
        '{{ last |',
        '{% for i in (1..99) %}',
        '{% endfor %}',
        '{% if name %}',
        '{% endif %}',
        '{{ i }}',
        ' | plus: ',
      ],
      ...['__proto__', 'constructor', 'prototype', 'toString', 'nil', 'true', 'empty', '$.id', '<', '>', '{"a":', '}'],
      ...filters.map(({ name }) => name),
    );
    const text = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));
    const reached = new Reached<'parsed' | 'refused'>();
    fc.assert(
      fc.property(fc.constantFrom(...payloadFormats), text, (format, text) => {
        const template = parseTemplate(format, text);
        reached.note(template.ok ? 'parsed' : 'refused');
        const result = template.ok ? render(template.value, sampleScope()) : template;
        if (!result.ok) {
          expect(result.problem.at).toBeLessThanOrEqual(text.length);
          expect(result.problem.line).toBeGreaterThan(0);
        }
        if (!template.ok) return;
        variablesOf(template.value);
        valueAt(template.value, text.length >> 1, sampleScope());
      }),
      cases(1_000),
    );
    reached.expectEach(['parsed', 'refused'], 50);
  });

  test('with any arguments of its filters', () => {
    const argument = fc.constantFrom(
      ...[
        '-1',
        '0',
        '3',
        '99999999999999999999',
        '1.5',
        '"a"',
        '""',
        '"u16be"',
        '"(a*)*"',
        '"$..a"',
        '"%N"',
        '"local"',
      ],
      ...['nil', 'true', 'list', 'object', 'last', 'now', 'name'],
    );
    const call = fc
      .tuple(fc.constantFrom(...filters), fc.array(argument, { maxLength: 3 }))
      .map(([{ name }, args]) => `${name}${args.length > 0 ? `: ${args.join(', ')}` : ''}`);
    const reached = new Reached<'rendered' | 'refused'>();
    const environment = { list: [1, 'a', null, [2]], object: { a: 1, b: [] }, name: 'Ada' };
    fc.assert(
      fc.property(
        fc.constantFrom(...payloadFormats),
        argument,
        fc.array(call, { minLength: 1, maxLength: 3 }),
        (format, value, calls) => {
          const template = parseTemplate(format, `{{ ${[value, ...calls].join(' | ')} }}`);
          const result = template.ok ? render(template.value, sampleScope({ environment })) : template;
          reached.note(result.ok ? 'rendered' : 'refused');
        },
      ),
      cases(2_000),
    );
    reached.expectEach(['rendered', 'refused'], 40);
  });
});
