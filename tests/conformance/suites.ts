import type { Suite } from './suite.ts';
import { cobsVectors } from './suites/cobs-vectors.ts';
import { jsonParsing } from './suites/json-parsing.ts';
import { llhttpCases } from './suites/llhttp-cases.ts';
import { naughtyStrings } from './suites/naughty-strings.ts';
import { xmlConformance } from './suites/xml-conformance.ts';

/** Every outside suite, in the order of the table. */
export const suites: readonly Suite[] = [
  cobsVectors,
  jsonParsing,
  llhttpCases,
  naughtyStrings,
  // One a line, so that a line more is all that a suite more changes.
  xmlConformance,
];
