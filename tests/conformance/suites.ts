import type { Suite } from './suite.ts';
import { captures } from './suites/captures.ts';
import { cobsVectors } from './suites/cobs-vectors.ts';
import { crcCatalogue } from './suites/crc-catalogue.ts';
import { jsonParsing } from './suites/json-parsing.ts';
import { jsonSchema, jsonSchemaOptional } from './suites/json-schema.ts';
import { llhttpCases } from './suites/llhttp-cases.ts';
import { naughtyDocuments } from './suites/naughty-documents.ts';
import { naughtyStrings } from './suites/naughty-strings.ts';
import { pcapngFiles } from './suites/pcapng-files.ts';
import { xmlConformance, xmlSecondOpinion } from './suites/xml-conformance.ts';

/** Every outside suite, in the order of the table. */
export const suites: readonly Suite[] = [
  cobsVectors,
  crcCatalogue,
  jsonParsing,
  jsonSchema,
  jsonSchemaOptional,
  llhttpCases,
  naughtyDocuments,
  naughtyStrings,
  xmlConformance,
  xmlSecondOpinion,
  pcapngFiles,
  captures,
];
