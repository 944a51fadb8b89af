import type { Suite } from './suite.ts';
import { cobsVectors } from './suites/cobs-vectors.ts';
import { xmlConformance } from './suites/xml-conformance.ts';

/** Every outside suite, in the order of the table. */
export const suites: readonly Suite[] = [cobsVectors, xmlConformance];
