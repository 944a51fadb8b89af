import fc from 'fast-check';
import { describe, test } from 'vitest';
import { cases } from '#support/cases.ts';
import { framingCases } from '#support/framing-cases.ts';
import { framingLaws } from '#support/framing-laws.ts';

describe.each(framingLaws)('$name', (law) => {
  const properties = framingCases.flatMap((framing) => {
    const property = law.property(framing);
    return property ? [{ name: framing.name, property }] : [];
  });

  test.each(properties)('$name', async ({ property }) => {
    await fc.assert(property, cases(30));
  });
});
