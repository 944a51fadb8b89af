import { readFileSync } from 'node:fs';
import { expect, describe as group, test } from 'vitest';
import { toHex } from '#shared/bytes/hex.ts';
import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import type { PayloadFormat } from '#shared/payload/payload.ts';
import { describe } from '#shared/template/functions/catalogue.ts';
import { parseTemplate, render } from '#shared/template/template.ts';
import { sampleScope } from '#support/template-scope.ts';
import { withTables } from '../../../../tools/template-tables.ts';

const page = readFileSync(new URL('../../../../docs/templates.md', import.meta.url), 'utf8');
const all = describe().flatMap(({ title, functions }) => functions.map((it) => ({ title, ...it })));

/** The functions whose examples are hex payloads. */
const isBinary = (title: string, name: string) => title === 'Numbers as bytes' && name !== 'read';

group('the catalogue of templates', () => {
  test.each(all.map((it) => [`${it.kind} ${it.name}`, it] as const))('has an example that is true: %s', (_, it) => {
    const inHex = isBinary(it.title, it.name);
    const template = parseTemplate(inHex ? 'hex' : 'text', it.example);
    const rendered = template.ok ? render(template.value, sampleScope()) : template;
    expect(
      rendered.ok ? (inHex ? toHex(rendered.value, ' ') : decodeUtf8Lossy(rendered.value)) : rendered.problem,
    ).toBe(it.result);
  });

  test('has each name once, and one sentence of help without a full stop', () => {
    const names = all.map(({ kind, name }) => `${kind} ${name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(all.filter(({ help }) => help === '' || help.endsWith('.')).map(({ name }) => name)).toEqual([]);
  });
});

group('docs/templates.md', () => {
  test('has the tables of the catalogue (node tools/template-tables.ts writes them)', () => {
    expect(withTables(page)).toBe(page);
  });

  test('has examples that are templates', () => {
    const examples = [...page.matchAll(/```(json)?\n(.*?)```/gs)];
    expect(examples.length).toBeGreaterThan(2);
    for (const [, language, text = ''] of examples) {
      const format: PayloadFormat = language === 'json' ? 'json' : 'hex';
      const template = parseTemplate(format, text);
      const rendered = template.ok ? render(template.value, sampleScope()) : template;
      expect(rendered, text).toMatchObject({ ok: true });
    }
  });
});
