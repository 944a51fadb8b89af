import fc from 'fast-check';

const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const bytesAsText = (maxLength: number) =>
  fc.uint8Array({ maxLength, size: 'max' }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const pieces = (...texts: string[]) => fc.array(fc.constantFrom(...texts), { maxLength: 4 }).map((all) => all.join(''));

const respLine = fc
  .tuple(fc.constantFrom('+', '-', ':', '_', '#', ',', '('), pieces('OK', '12', '$5', '*2', ' ', 't'))
  .map((parts) => `${parts.join('')}\r\n`);
const respBulk = fc
  .tuple(fc.constantFrom('$', '!', '='), bytesAsText(40))
  .map(([type, body]) => `${type}${body.length}\r\n${body}\r\n`);
const respNull = fc.constantFrom('$-1\r\n', '*-1\r\n', '*0\r\n', '%0\r\n', '$0\r\n\r\n');
const respStreamed = fc.array(bytesAsText(10), { maxLength: 3 }).map((parts) => {
  const chunks = parts.filter((part) => part !== '').map((part) => `;${part.length}\r\n${part}\r\n`);
  return `$?\r\n${chunks.join('')};0\r\n`;
});
const { value: respValue } = fc.letrec<{ value: string; many: string[] }>((tie) => ({
  many: fc.array(tie('value'), { maxLength: 3 }),
  value: fc.oneof(
    { maxDepth: 3 },
    respLine,
    respBulk,
    respNull,
    respStreamed,
    tie('many').map((all) => `*${all.length}\r\n${all.join('')}`),
    tie('many').map((all) => `>${all.length}\r\n${all.join('')}`),
    tie('many').map((all) => `*?\r\n${all.join('')}.\r\n`),
    fc
      .array(fc.tuple(tie('value'), tie('value')), { maxLength: 2 })
      .map((all) => `%${all.length}\r\n${all.flat().join('')}`),
    fc.tuple(tie('value'), tie('value'), tie('value')).map(([key, inner, value]) => `|1\r\n${key}${inner}${value}`),
  ),
}));

/** Values of RESP 2 and 3, nested and streamed, and inline commands. */
export const respMessages: fc.Arbitrary<Uint8Array> = fc
  .oneof({ weight: 5, arbitrary: respValue }, { weight: 1, arbitrary: fc.constantFrom('PING\r\n', 'get a\n') })
  .map(latin1);

const scpiBlock = bytesAsText(120).map((body) => {
  const size = String(body.length);
  return `#${size.length}${size}${body}`;
});
const scpiParameter = fc.oneof(
  fc.constantFrom('1.5', '#H1F', '#Q7', 'ON', '', 'a#1'),
  pieces('"a#9;"', "'b'"),
  scpiBlock,
);

/** Program messages with strings and blocks, without their line end. */
export const scpiMessages: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.constantFrom('*IDN? ', ':DATA ', 'SYST:ERR?;', ''), fc.array(scpiParameter, { minLength: 1, maxLength: 3 }))
  .map(([start, parameters]) => latin1(`${start}${parameters.join(',')} `));

const stompHeaders = fc
  .array(fc.constantFrom('destination:/a\n', 'id:1\r\n', 'content-type:a;b:c\n', 'x:\n', 'Content-Length:1\n'), {
    maxLength: 3,
  })
  .map((all) => all.join(''));

/** Frames without their NUL: with a content-length, and then any bytes, or without both. */
export const stompFrames: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.constantFrom('SEND\n', 'CONNECTED\r\n', 'MESSAGE\n'), stompHeaders, bytesAsText(40), fc.boolean())
  .map(([command, headers, body, counted]) =>
    latin1(
      counted
        ? `${command}${headers}content-length:${body.length}\n\n${body}`
        : `${command}${headers}\n${body.replaceAll('\0', '')}`,
    ),
  );

/** Fields of FIX, and any bytes, up to an SOH. */
export const fixFields: fc.Arbitrary<Uint8Array> = fc
  .array(fc.oneof(fc.constantFrom('35=A', '8=1', '58=a8', '10=000', '9=5'), bytesAsText(12)), {
    minLength: 1,
    maxLength: 5,
  })
  .map((fields) => latin1(`35=0\x01${fields.join('\x01')}\x01`));

const stanzaText = pieces('text', '>', '&amp;', '<![CDATA[<a>]]]]>', ' ', '\n', '"');
const attributes = pieces(" to='a/>b'", ' a="\'>"', " stream='x'", ' b = "]]>"');
const { element: stanza } = fc.letrec<{ element: string }>((tie) => ({
  element: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(fc.constantFrom('r', 'a:streams', 'strea'), attributes).map(([name, more]) => `<${name}${more}/>`),
    fc
      .tuple(
        fc.constantFrom('message', 'stream:features', 'iq'),
        attributes,
        stanzaText,
        fc.array(tie('element'), { maxLength: 2 }),
      )
      .map(
        ([name, more, text, inner]) =>
          `<${name}${more}>${text}${inner.join('<stream:stream>x</stream:stream>')}</${name} >`,
      ),
  ),
}));

/** What XMPP takes for a message: stanzas, and the two tags of a stream. */
export const xmppMessages: fc.Arbitrary<Uint8Array> = fc
  .oneof(
    { weight: 4, arbitrary: stanza },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "<?xml version='1.0'?><stream:stream to='a'>",
        '</stream:stream>',
        '<stream>',
        '</stream >',
      ),
    },
  )
  .map((text) => Uint8Array.from(Buffer.from(text)));

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.toString('latin1');
};

/** Messages of PostgreSQL: typed, and such as a connection begins with. */
export const postgresMessages: fc.Arbitrary<Uint8Array> = fc
  .oneof(
    fc
      .tuple(fc.constantFrom('Q', 'R', 'Z', '1', 'd', 'S', 'N'), bytesAsText(30))
      .map(([type, body]) => `${type}${uint32(body.length + 4)}${body}`),
    bytesAsText(30).map((body) => `${uint32(body.length + 8)}\0\x03\0\0${body}`),
    fc.constant(`${uint32(8)}${uint32(80_877_103)}`),
  )
  .map(latin1);
