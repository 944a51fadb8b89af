import type { Framing } from '../framing.ts';
import { createGapFramer } from '../gap.ts';
import { gapRange, isInRange } from '../values.ts';

interface GapSpec {
  kind: 'gap';
  ms: number;
}

export const gap: Framing<GapSpec> = {
  kind: 'gap',
  spellings: ['gap:MS'],
  values: { ms: { type: 'whole', ...gapRange } },
  parse(text) {
    const ms = Number(/^gap:(\d{1,6})$/.exec(text)?.[1]);
    return isInRange(ms, gapRange) ? { kind: 'gap', ms } : undefined;
  },
  format: (spec) => `gap:${spec.ms}`,
  createFramer: (spec) => createGapFramer(spec.ms),
};
