import type { Described } from './function.ts';

function tag(name: string, parameters: readonly string[], help: string, example: string, result: string): Described {
  return { kind: 'tag', name, parameters, help, example, result };
}

/** The tags that a template may use. Tags that read files or change variables outside the template are left out. */
export const tagDescriptions: readonly Described[] = [
  tag('assign', ['name = value'], 'Stores a value', '{% assign id = 7 %}{{ id }}-{{ id }}', '7-7'),
  tag(
    'capture',
    ['name'],
    'Stores what the block renders, for `length_bytes`, `checksum` and to write it later',
    '{% capture body %}n={{ counter }}{% endcapture %}{{ body | length_bytes }}:{{ body }}',
    '3:n=1',
  ),
  tag(
    'if',
    ['condition'],
    'Renders the block if the condition is met; also with `elsif` and `else`',
    '{% if name == "Ada" %}yes{% else %}no{% endif %}',
    'yes',
  ),
  tag(
    'unless',
    ['condition'],
    'Renders the block if the condition is not met',
    '{% unless missing %}none{% endunless %}',
    'none',
  ),
  tag(
    'case',
    ['value'],
    'Renders the block after the `when` with the value',
    '{% case message %}{% when 1, 2 %}few{% else %}many{% endcase %}',
    'many',
  ),
  tag(
    'for',
    ['name in list'],
    'Repeats the block for the items of a list or a range; with `limit:`, `offset:`, `reversed` and `forloop.index`',
    '{% for i in (1..3) %}{{ i }}{% unless forloop.last %},{% endunless %}{% endfor %}',
    '1,2,3',
  ),
  tag('break', [], 'Ends the loop', '{% for i in (1..9) %}{{ i }}{% break %}{% endfor %}', '1'),
  tag(
    'continue',
    [],
    'Continues with the next item of the loop',
    '{% for i in (1..3) %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% endfor %}',
    '13',
  ),
  tag('raw', [], 'Writes the block as it is, with its braces', '{% raw %}{{ name }}{% endraw %}', '{{ name }}'),
  tag('comment', [], 'Leaves the block out', 'a{% comment %}b{% endcomment %}', 'a'),
  tag('#', ['comment'], 'A comment in one tag', 'a{% # not sent %}', 'a'),
];
