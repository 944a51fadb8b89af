import fc from 'fast-check';

const encoder = new TextEncoder();
const awkward = [
  ...[
    '',
    '"',
    "'",
    '\\',
    '\\"',
    "\\'",
    '"""',
    "'''",
    '`',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a sample of code in another language
    '${x}',
    '$x',
    '$(id)',
    '`id`',
    '%s%n',
    '%',
    '-n',
    '--',
    '!!',
  ],
  ...[
    '\n',
    '\r',
    '\r\n',
    '\t',
    '\0',
    '\x001',
    '\x1b[31m',
    '\x7f',
    '\u0085',
    '\u2028',
    '\u2029',
    '\ufeff',
    '\u202e',
    '\u200b',
  ],
  ...[
    '??/',
    '??=',
    '*/',
    '/*',
    '//',
    '#',
    '"; exit(1); "',
    "'; exit 1; '",
    '\\u0022',
    '\\u000a',
    '\\x41',
    '\\101',
    '{{x}}',
  ],
  ...[
    'é',
    'e\u0301',
    'ſ',
    '日本',
    '\u{1f600}',
    '\u{e0041}',
    '\u2018x\u2019',
    '\u201cx\u201d',
    '#{1}',
    '@"',
    'R"(',
    '\u00a0',
  ],
];

/** Bytes of text that looks like code, and bytes that are not text. */
export const anyBytes = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .array(fc.oneof(fc.constantFrom(...awkward), fc.string({ unit: 'binary' })))
      .map((it) => encoder.encode(it.join(''))),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
);
/** Bytes that end, escape or extend a literal somewhere, and every byte. */
export const awkwardBytes = [
  ...awkward.map((text) => encoder.encode(text)),
  Uint8Array.from({ length: 256 }, (_, byte) => byte),
];
