import { expect, test } from 'vitest';
import { framings } from '#shared/framing/catalogue.ts';
import { protocols } from '#shared/framing/protocols.ts';
import { formatFraming, parseFraming } from '#shared/framing/spec.ts';
import { framingFormOf, framingItems, readFraming } from '../../../../src/renderer/state/framing-form.ts';
import { matching } from '../../../../src/renderer/ui/search-list.tsx';

const blank = framingFormOf({ kind: 'raw' });

test('the list of framings has every kind and every protocol once', () => {
  const ids = framingItems.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { kind } of framings) expect(ids).toContain(kind);
  for (const { name } of protocols) expect(ids).toContain(`protocol-${name}`);
});

test.each(protocols.map(({ name, title }) => [name, title]))(
  '%s is found by its name, and makes its framing',
  (name, title) => {
    const item = matching(framingItems, name).find(({ label }) => label === title);
    const read = readFraming({ ...blank, ...item?.change });
    const spec = parseFraming(name);
    expect(read.ok && formatFraming(read.spec)).toBe(spec && formatFraming(spec));
  },
);
