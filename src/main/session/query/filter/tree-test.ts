import type { Filter } from '#shared/filter/ast.ts';
import { xmlNeedles } from '#shared/filter/xml-test.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import { allOf, type BlockTest, type Masks, type RecordTest, recordByRecord } from './block-test.ts';
import { eachHit, narrowTo } from './contains-test.ts';
import { jsonEscape, jsonHint, type TreeHint } from './json-hint.ts';

type TreeFilter = Extract<Filter, { kind: 'tree' }>;

const hintCost = 60;
const jsonCost = 800;
const xmlCost = 8_000;

/**
 * A condition on a place in JSON or XML: searches a block's bytes for what a match must contain, and evaluates `test` only
 * for the records that contain it.
 */
export function treeTest(filter: TreeFilter, test: RecordTest, index: BlockIndex, masks: Masks): BlockTest {
  const isJson = filter.format === 'json';
  const whole = recordByRecord(index, test, isJson ? jsonCost : xmlCost);
  const hint = isJson ? jsonHint(filter) : xmlHint(filter);
  if (hint === undefined) return whole;
  // Events have no places.
  const events = recordByRecord(index, () => false, 0);
  const hinted: BlockTest = {
    cost: hintCost,
    narrow(block, mask, left) {
      const { payload, count } = block;
      if (payload === undefined) return left;
      const hits = masks.take(count).fill(0, 0, count);
      eachHit(block, payload, hint.needle, 'body', (place, at, end) => {
        if (!hint.mayMatch(payload, at, end)) return false;
        hits[place] = 1;
        return true;
      });
      if (isJson) {
        eachHit(block, payload, jsonEscape, 'body', (place) => {
          hits[place] = 1;
          return true;
        });
      }
      const rest = narrowTo(block, mask, left, hits, events, masks);
      masks.give(hits);
      return rest;
    },
  };
  return allOf([hinted, whole]);
}

function xmlHint(filter: TreeFilter): TreeHint | undefined {
  const needle = xmlNeedles(filter).at(-1);
  return needle && { needle, mayMatch: () => true };
}
