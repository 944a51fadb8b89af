import { describe, expect, test } from 'vitest';
import { rendered, sampleSources } from '#support/template-scope.ts';

describe('a hostile template reaches nothing outside its scope', () => {
  const prototypes = [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '__defineGetter__',
  ];
  const owners = [
    'name',
    'list',
    'object',
    'last',
    'now',
    'counter',
    'connection',
    'forloop',
    'block',
    '7',
    '"text"',
    'true',
  ];

  test.each(prototypes)('no prototype: %s', (name) => {
    const environment = { name: 'Ada', list: ['a'], object: JSON.parse('{"a":{}}') };
    const blocks = '{% capture block %}x{% endcapture %}{% for i in (1..1) %}';
    for (const access of [`.${name}`, `["${name}"]`, `[key]`]) {
      for (const owner of owners) {
        const text = `${blocks}{% assign key = "${name}" %}{{ ${owner}${access} }}{% endfor %}`;
        expect(rendered('text', text, { environment }), text).toContain('There is no value');
      }
    }
    expect(rendered('text', `{{ ${name} }}`)).toContain('There is no value');
    expect(rendered('text', `{% assign k = "${name}" %}{{ [k] }}`)).toContain('There is no value');
    expect(rendered('text', `{{ last | json: "$.${name}" }}`)).toContain('has no value at');
  });

  test('no function of a value', () => {
    const environment = {
      object: { call: () => 'called', toLiquid: () => 'called', toString: () => 'called' },
      call: () => 'called',
    };
    for (const value of ['object.call', 'object.toLiquid', 'call', 'object']) {
      expect(rendered('text', `{{ ${value} }}`, { environment })).not.toContain('called');
    }
  });

  test('no file without the caller, and no tag that would read one', () => {
    const read: string[] = [];
    const file = (path: string) => {
      read.push(path);
      return { ok: false, reason: 'refused' } as const;
    };
    const scope = { sources: { ...sampleSources, file } };
    expect(rendered('text', '{{ "../../etc/passwd" | file }}', scope)).toBe('refused');
    for (const tag of [
      'include "a"',
      'render "a"',
      'layout "a"',
      'block a',
      'increment counters',
      'echo name',
      'liquid echo name',
    ]) {
      expect(rendered('text', `{% ${tag} %}`, scope)).toMatch(/^There is no tag/);
    }
    expect(read).toEqual(['../../etc/passwd']);
  });

  test('an own member with the name of a prototype is data', () => {
    const environment = JSON.parse('{"o":{"__proto__":"own"}}');
    expect(rendered('text', '{{ o.__proto__ }}', { environment })).toBe('own');
  });
});
