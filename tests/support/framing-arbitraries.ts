import fc from 'fast-check';

const utf8 = (text: string) => Uint8Array.from(Buffer.from(text));

/** JSON texts without white space around them, with what a scanner could take for structure inside of strings. */
export const jsonTexts: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.oneof(
      fc.jsonValue(),
      fc.dictionary(
        fc.constantFrom('a', '"', '}', '\\', '[', ','),
        fc.constantFrom('\\"', ']}', '{"', '\\\\', ',\n', 'é\u2028', 1, null),
      ),
    ),
    fc.nat(2),
  )
  .map(([value, indent]) => utf8(JSON.stringify(value, null, indent)));

const xmlName = fc.constantFrom('a', 'b:c', '_d', 'é', 'Long-Name.1');
const pieces = (...texts: string[]) => fc.array(fc.constantFrom(...texts), { maxLength: 4 }).map((all) => all.join(''));
const comment = pieces('<a>', '>', '- ', '"', '<!', ']]>', '?>', 'x').map((inner) => `<!--${inner}-->`);
const instruction = pieces('>', '<', '? ', '"', '--', ']]').map((inner) => `<?go ${inner}?>`);
const cdata = pieces('<a>', ']]', ']', '>', '-->', '</a>', '&').map(
  (inner) => `<![CDATA[${inner.replaceAll(']]>', ']] >')}]]>`,
);
const attribute = fc.oneof(
  fc.tuple(xmlName, pieces('>', "'", '/>', '&lt;', ']]>', ' ')).map(([name, value]) => ` ${name}="${value}"`),
  fc.tuple(xmlName, pieces('>', '"', '-->', '/', '=')).map(([name, value]) => ` ${name} = '${value}'`),
);
const attributes = fc.uniqueArray(attribute, { maxLength: 3 }).map((all) => all.join(''));
const literal = fc.oneof(
  pieces(']>', '>', '<a>', "'", '[', '%x;').map((value) => `"${value}"`),
  pieces(']>', '>', '<a>', '"', '-->').map((value) => `'${value}'`),
);
const doctype = fc
  .tuple(literal, literal, comment, instruction)
  .map(
    ([system, value, note, go]) =>
      `<!DOCTYPE a SYSTEM ${system} [ <!ENTITY e ${value}>${note}${go}<!ELEMENT a ANY> ] >`,
  );

const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  content: fc.oneof(
    { maxDepth: 3 },
    pieces('text', '>', '&amp;', ']', '"', "'", '/', '\n'),
    comment,
    instruction,
    cdata,
    tie('element'),
  ),
  element: fc.oneof(
    fc.tuple(xmlName, attributes, fc.constantFrom('/>', ' />')).map(([name, more, end]) => `<${name}${more}${end}`),
    fc
      .tuple(xmlName, attributes, fc.array(tie('content'), { maxLength: 3 }))
      .map(([name, more, inside]) => `<${name}${more}>${inside.join('')}</${name} >`),
  ),
}));

/** XML documents with text that looks like markup: in comments, CDATA, attributes, instructions and a DOCTYPE. */
export const xmlDocuments: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.constantFrom('', '<?xml version="1.0"?>', '<?xml version="1.0"?>\r\n'),
    fc.oneof(fc.constant(''), comment, instruction, doctype),
    element,
  )
  .map((parts) => utf8(parts.join('')));

const httpBody = fc.oneof(
  fc.uint8Array({ maxLength: 300, size: 'max' }),
  fc.constantFrom('GET / HTTP/1.1\r\n\r\n', '0\r\n\r\n', '\r\n', '').map(utf8),
);
const startLine = fc.constantFrom(
  'GET / HTTP/1.1',
  'POST /a?b=c HTTP/1.0',
  'QUERY * HTTP/1.1',
  'HTTP/1.1 200 OK',
  'HTTP/1.1 404 ',
  'HTTP/1.0 500',
);
const otherField = fc.constantFrom(
  'Host: a:1\r\n',
  'X-Empty:\r\n',
  'content-lengthy: x\r\n',
  'A: b\r\n c: d\r\n',
  'a:b\n',
);
const otherFields = fc.array(otherField, { maxLength: 3 }).map((all) => all.join(''));
const withLength = fc
  .tuple(startLine, otherFields, fc.constantFrom('Content-Length', 'CONTENT-LENGTH', 'content-length'), httpBody)
  .map(([start, fields, name, body]) =>
    Buffer.concat([utf8(`${start}\r\n${fields}${name}: ${body.length}\r\n\r\n`), body]),
  );
const chunk = fc
  .tuple(httpBody, fc.constantFrom('', ';a=b', ' ;name="q\\"x"'), fc.constantFrom('\r\n', '\n'), fc.boolean())
  .map(([body, extension, end, upper]) => {
    const size = body.length.toString(16);
    if (body.length === 0) return Buffer.alloc(0);
    return Buffer.concat([utf8(`${upper ? size.toUpperCase() : size}${extension}${end}`), body, utf8(end)]);
  });
const chunked = fc
  .tuple(
    startLine,
    otherFields,
    fc.constantFrom('chunked', 'gzip, Chunked'),
    fc.array(chunk, { maxLength: 3 }),
    fc.constantFrom('', 'Trailer: x\r\n', 'A: b\nC: d\r\n'),
  )
  .map(([start, fields, coding, chunks, trailers]) =>
    Buffer.concat([
      utf8(`${start}\r\n${fields}Transfer-Encoding: ${coding}\r\n\r\n`),
      ...chunks,
      utf8(`0\r\n${trailers}\r\n`),
    ]),
  );
const withoutBody = fc
  .tuple(
    fc.constantFrom('GET /x HTTP/1.1', 'HTTP/1.1 204 No Content', 'HTTP/1.1 304 Not', 'HTTP/1.1 100 Continue'),
    otherFields,
    fc.constantFrom('\r\n', '\n'),
  )
  .map(([start, fields, end]) => utf8(`${start}${end}${fields}${end}`));

/** Requests and answers that say themselves where they end. */
export const httpMessages: fc.Arbitrary<Uint8Array> = fc
  .oneof(withLength, chunked, withoutBody)
  .map((bytes) => Uint8Array.from(bytes));
