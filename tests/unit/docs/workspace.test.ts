import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentKinds, schemaFiles } from '#shared/document/catalogue.ts';
import { optionCatalogue } from '#shared/endpoint/options/catalogue.ts';
import { root } from '#support/build-setup.ts';
import { schemaTexts } from '../../../tools/document-schemas.ts';

const page = readFileSync(join(root, 'docs/workspace.md'), 'utf8');
const examples = [...page.matchAll(/^```yaml kind=(\S+)\n(.*?)^```$/gms)].map(([, kind = '', text = '']) => ({
  kind,
  text,
}));

describe('docs/workspace.md', () => {
  it.each(examples)('has an example of $kind that is read without a notice: $text', ({ kind, text }) => {
    const parsed = documentKinds.find((one) => one.kind === kind)?.parse(text);
    expect(parsed).toMatchObject({ ok: true, value: { notices: [] } });
    expect(text).toContain(`schemas/${kind}.schema.json\n`);
  });

  it('has an example of each kind of YAML document', () => {
    expect([...new Set(examples.map(({ kind }) => kind))].sort()).toEqual(schemaFiles.map(({ kind }) => kind).sort());
  });

  it('lists each option of an endpoint in its block', () => {
    const rows = [...page.matchAll(/^\| (?:`(\w+)`|none) \| (`.*`.*) \|$/gm)];
    const listed = rows.flatMap(([, block, names = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => (block === undefined ? name : `${block}.${name}`)),
    );
    const options = new Set<string>(optionCatalogue.map(({ path }) => path));
    options.delete('tls.passphraseSet');
    expect(listed.filter((path) => options.has(path)).sort()).toEqual([...options].sort());
  });
});

describe('resources/schemas', () => {
  it('has the schemas that follow from the code: node tools/document-schemas.ts', () => {
    const texts = schemaTexts();
    expect(readdirSync(join(root, 'resources/schemas')).sort()).toEqual([...texts.keys()].sort());
    for (const [file, text] of texts) expect(readFileSync(join(root, 'resources/schemas', file), 'utf8')).toBe(text);
  });
});
