import fc from 'fast-check';
import { describe, test } from 'vitest';
import { framingCases } from '#support/framing-cases.ts';
import { framingLaws } from '#support/framing-laws.ts';

/** `npm run fuzz` tries each law with many more. */
const numRuns = 60;

describe.each(framingLaws)('$name', (law) => {
  const properties = framingCases.flatMap((framing) => {
    const property = law.property(framing);
    return property ? [{ name: framing.name, property }] : [];
  });

  test.each(properties)('$name', async ({ property }) => {
    await fc.assert(property, { numRuns });
  });
});
