import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkAgainstSchema, type SchemaSource } from '#shared/payload/schema.ts';
import { type Case, outsideData, type Suite } from '../suite.ts';

/** Where Debian's package `json-schema-test-suite` puts the suite. */
const installed = '/usr/share/json-schema-test-suite';
/** The address at which the suite's other schemas are said to be. */
const remoteBase = 'http://localhost:1234/';

interface Group {
  readonly description: string;
  readonly schema: unknown;
  readonly tests: readonly { readonly description: string; readonly data: unknown; readonly valid: boolean }[];
}

/** The verdict of the check, with the schemas that it asks for from the folder of the suite. */
function verdict(data: unknown, schema: unknown, remotes: string): string {
  const others: SchemaSource[] = [];
  for (;;) {
    const root = { uri: 'file:///suite/schema.json', text: JSON.stringify(schema) };
    const checked = checkAgainstSchema(JSON.stringify(data), [root, ...others], { isFull: true });
    if (!checked.ok) return checked.problem.reason;
    const { value } = checked;
    if (value.kind === 'checked') return value.problems.length === 0 ? 'valid' : 'invalid';
    if (value.kind === 'invalid-schema') return `invalid schema: ${value.reason}`;
    const path = join(remotes, value.uri.replace(remoteBase, ''));
    const isKnown = others.some(({ uri }) => uri === value.uri);
    if (isKnown || !value.uri.startsWith(remoteBase) || !existsSync(path)) return `missing: ${value.uri}`;
    others.push({ uri: value.uri, text: readFileSync(path, 'utf8') });
  }
}

const content = 'contentEncoding and contentMediaType describe a text; draft 7 does not require a check';
const crossDraft = 'a schema and what it refers to are of one draft';
const overflow = 'numbers are 64-bit floats, as for most programs: 1e308 / 0.123456789 overflows';
const format = 'Ajv has no such format, and draft 7 lets a program ignore a format that it does not know';

/** Differences in the optional parts: a group, the reason, the tests. */
const optionalDifferences: readonly (readonly [group: string, reason: string, tests: readonly string[]])[] = [
  [
    'optional/content.json: validation of string-encoded content based on media type',
    content,
    ['an invalid JSON document'],
  ],
  [
    'optional/content.json: validation of binary string-encoding',
    content,
    ['an invalid base64 string (% is not a valid character)'],
  ],
  [
    'optional/content.json: validation of binary-encoded media type documents',
    content,
    ['a validly-encoded invalid JSON document', 'an invalid base64 string that is valid JSON'],
  ],
  [
    'optional/cross-draft.json: refs to future drafts are processed as future drafts',
    crossDraft,
    ['missing bar is invalid', 'present bar is valid'],
  ],
  [
    'optional/float-overflow.json: all integers are multiples of 0.5, if overflow is handled',
    overflow,
    ['valid if optional overflow handling is implemented'],
  ],
  [
    'optional/format/idn-email.json: validation of an internationalized e-mail addresses',
    format,
    ['an invalid idn e-mail address', 'an invalid e-mail address'],
  ],
  [
    'optional/format/idn-hostname.json: validation of internationalized host names',
    format,
    [
      'illegal first char U+302E Hangul single dot tone mark',
      'contains illegal char U+302E Hangul single dot tone mark',
      'a host name with a component too long',
      'invalid label, correct Punycode',
      'invalid Punycode',
      'U-label contains "--" in the 3rd and 4th position',
      'U-label starts with a dash',
      'U-label ends with a dash',
      'U-label starts and ends with a dash',
      'Begins with a Spacing Combining Mark',
      'Begins with a Nonspacing Mark',
      'Begins with an Enclosing Mark',
      'Exceptions that are DISALLOWED, right-to-left chars',
      'Exceptions that are DISALLOWED, left-to-right chars',
      "MIDDLE DOT with no preceding 'l'",
      'MIDDLE DOT with nothing preceding',
      "MIDDLE DOT with no following 'l'",
      'MIDDLE DOT with nothing following',
      'Greek KERAIA not followed by Greek',
      'Greek KERAIA not followed by anything',
      'Hebrew GERESH not preceded by Hebrew',
      'Hebrew GERESH not preceded by anything',
      'Hebrew GERSHAYIM not preceded by Hebrew',
      'Hebrew GERSHAYIM not preceded by anything',
      'KATAKANA MIDDLE DOT with no Hiragana, Katakana, or Han',
      'KATAKANA MIDDLE DOT with no other characters',
      'Arabic-Indic digits mixed with Extended Arabic-Indic digits',
      'ZERO WIDTH JOINER not preceded by Virama',
      'ZERO WIDTH JOINER not preceded by anything',
    ],
  ],
  [
    'optional/format/iri-reference.json: validation of IRI References',
    format,
    ['an invalid IRI Reference', 'an invalid IRI fragment'],
  ],
  [
    'optional/format/iri.json: validation of IRIs',
    format,
    [
      'an invalid IRI based on IPv6',
      'an invalid relative IRI Reference',
      'an invalid IRI',
      'an invalid IRI though valid IRI reference',
    ],
  ],
  ['properties.json: properties whose names are Javascript object property names', format, ['__proto__ not valid']],
  ['ref.json: ref overrides any sibling keywords', format, ['ref valid, maxItems ignored']],
];

function cases(isOptional: boolean): readonly Case[] | undefined {
  const folder = outsideData('JSON-Schema-Test-Suite') ?? (existsSync(installed) ? installed : undefined);
  if (folder === undefined) return undefined;
  const draft = join(folder, 'tests/draft7');
  const files = readdirSync(draft, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') && name.startsWith('optional') === isOptional)
    .sort();
  return files.flatMap((file) => {
    const groups = JSON.parse(readFileSync(join(draft, file), 'utf8')) as readonly Group[];
    return groups.flatMap(({ description, schema, tests }) =>
      tests.map((test) => ({
        name: `${file}: ${description}: ${test.description}`,
        right: test.valid ? 'valid' : 'invalid',
        actual: verdict(test.data, schema, join(folder, 'remotes')),
      })),
    );
  });
}

/** JSON Schema Test Suite, draft 7: what every program has to do. */
export const jsonSchema: Suite = {
  name: 'JSON Schema Test Suite',
  proves: 'documents match a JSON Schema or not as draft 7 says',
  cases: async () => cases(false),
};

/** Its optional parts: formats, big numbers, encodings in texts. */
export const jsonSchemaOptional: Suite = {
  name: 'JSON Schema, optional parts',
  proves: 'formats and other optional parts of draft 7 are checked',
  cases: async () => cases(true),
  // Versions of the suite have different optional parts.
  isPartial: true,
  differences: Object.fromEntries(
    optionalDifferences.flatMap(([group, reason, tests]) => tests.map((test) => [`${group}: ${test}`, reason])),
  ),
};
