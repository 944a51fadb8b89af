import {
  byteString,
  commonEscapes,
  hexDigits,
  isAscii,
  octal,
  readableText,
  type StringStyle,
  stringLiteral,
} from '../literals.ts';
import { type Program, replySeconds } from '../program.ts';
import { javaEncoding } from './java-encoding.ts';

// Octal escapes have exactly three digits. A compiler replaces \u escapes before it looks for the end of a literal, so that
// only characters beyond ASCII are spelled by them.
const byteStyle: StringStyle = { quote: '"', escapes: commonEscapes, spell: octal };
const textStyle: StringStyle = {
  ...byteStyle,
  ascii: true,
  spell(codePoint) {
    if (codePoint < 0x80) return octal(codePoint);
    const units = [...String.fromCodePoint(codePoint)].join('').split('');
    return units.map((unit) => `\\u${hexDigits(unit.charCodeAt(0), 4)}`).join('');
  },
};

/** Returns an expression whose value is exactly these bytes. */
export function javaLiteral(bytes: Uint8Array): string {
  const text = isAscii(bytes) ? undefined : readableText(bytes);
  return text === undefined
    ? `${byteString(bytes, byteStyle)}.getBytes(StandardCharsets.ISO_8859_1)`
    : `${javaString(text)}.getBytes(StandardCharsets.UTF_8)`;
}

/** Returns a string literal. */
export const javaString = (text: string) => stringLiteral(text, textStyle);

const byte = (value: number) => `0x${hexDigits(value, 2)}`;

/** Returns the constants of a program: its address, its limits, its framing and what it sends. */
export function javaConstants({
  transport,
  host,
  port,
  path,
  framing,
  payload,
  answer,
  maxMessage,
  side,
}: Program): string {
  const constant = (type: string, name: string, value: string | number, comment = '') =>
    `static final ${type} ${name} = ${value};${comment === '' ? '' : ` // ${comment}`}`;
  const lines =
    transport === 'local'
      ? [constant('String', 'PATH', javaString(path))]
      : [constant('String', 'HOST', javaString(host)), constant('int', 'PORT', port)];
  if (framing.kind === 'delimiter') lines.push(constant('byte[]', 'DELIMITER', javaLiteral(framing.delimiter)));
  if (framing.kind === 'fixed')
    lines.push(constant('int', 'SIZE', framing.size), constant('byte', 'PADDING', `(byte) ${framing.pad}`));
  if (framing.kind === 'length') {
    lines.push(constant('int', 'HEADER', framing.header, 'bytes before the message'));
    lines.push(constant('int', 'LENGTH_AT', framing.header - framing.size, 'offset of the length in the header'));
    lines.push(constant('long', 'COUNTED', framing.counted, 'the length minus the bytes of the message'));
  }
  if (framing.kind === 'escaped') {
    const { start, end, escapeByte, special, codes } = framing;
    if (start !== end) lines.push(constant('int', 'START', byte(start)));
    lines.push(constant('int', 'END', byte(end)), constant('int', 'ESCAPE', byte(escapeByte)));
    lines.push(constant('byte[]', 'SPECIAL', javaLiteral(special), 'bytes that do not appear inside a message'));
    lines.push(
      constant('byte[]', 'CODES', javaLiteral(codes), 'what follows the escape byte in place of each of them'),
    );
  }
  if (framing.kind === 'cobs') lines.push(constant('int', 'END', 0));
  if (framing.kind !== 'raw' && framing.kind !== 'fixed') lines.push(constant('int', 'MAX_MESSAGE', maxMessage));
  if (side === 'client') lines.push(constant('int', 'REPLY_MS', replySeconds * 1000, 'how long to wait for a reply'));
  if (side === 'client' && payload !== undefined) lines.push(constant('byte[]', 'PAYLOAD', javaLiteral(payload)));
  if (answer.kind === 'reply') lines.push(constant('byte[]', 'REPLY', javaLiteral(answer.bytes)));
  return lines.join('\n');
}

/** Returns the methods that add the framing to a message and read the next message; empty without framing. */
export function javaFraming({ framing }: Program): string {
  switch (framing.kind) {
    case 'raw':
      return '';
    case 'delimiter':
      return `
static boolean endsWithDelimiter(byte[] bytes, int length) {
    int from = length - DELIMITER.length;
    return from >= 0 && Arrays.equals(bytes, from, length, DELIMITER, 0, DELIMITER.length);
}

/** Returns the message with its delimiter. */
static byte[] frame(byte[] message) {
    if (endsWithDelimiter(message, message.length)) return message;
    byte[] framed = Arrays.copyOf(message, message.length + DELIMITER.length);
    System.arraycopy(DELIMITER, 0, framed, message.length, DELIMITER.length);
    return framed;
}

/** Returns the next message, or null when the peer has closed the connection. */
static byte[] readMessage(InputStream input) throws IOException {
    byte[] message = new byte[1024];
    int length = 0;
    for (int next = input.read(); next >= 0; next = input.read()) {
        if (length == message.length) message = Arrays.copyOf(message, length * 2);
        message[length++] = (byte) next;
        if (endsWithDelimiter(message, length)) return Arrays.copyOf(message, length${framing.keep ? '' : ' - DELIMITER.length'});
        if (length > MAX_MESSAGE) throw new IOException("the message is too long");
    }
    if (length > 0) throw new EOFException("the connection ended within a message");
    return null;
}
`;
    case 'fixed':
      return `
/** Returns the message, padded to its size. */
static byte[] frame(byte[] message) throws IOException {
    if (message.length > SIZE) throw new IOException("the message is too long");
    byte[] framed = Arrays.copyOf(message, SIZE);
    Arrays.fill(framed, message.length, SIZE, PADDING);
    return framed;
}

/** Returns the next message, or null when the peer has closed the connection. */
static byte[] readMessage(InputStream input) throws IOException {
    byte[] message = input.readNBytes(SIZE);
    if (message.length == 0) return null;
    if (message.length < SIZE) throw new EOFException("the connection ended within a message");
    return message;
}
`;
    case 'length':
      return `
/** Returns the message after its length. */
static byte[] frame(byte[] message) throws IOException {
    byte[] framed = new byte[HEADER + message.length];
    long length = message.length + COUNTED;
    for (int at = 0; at < HEADER - LENGTH_AT; at++) {
        framed[${framing.endian === 'be' ? 'HEADER - 1 - at' : 'LENGTH_AT + at'}] = (byte) length;
        length >>>= 8;
    }
    if (length != 0) throw new IOException("the length does not fit into its field");
    System.arraycopy(message, 0, framed, HEADER, message.length);
    return framed;
}

/** Returns the next message, or null when the peer has closed the connection. */
static byte[] readMessage(InputStream input) throws IOException {
    byte[] header = input.readNBytes(HEADER); // reads until it has all of them
    if (header.length == 0) return null;
    if (header.length < HEADER) throw new EOFException("the connection ended within a message");
    long length = 0;
    for (int at = 0; at < HEADER - LENGTH_AT; at++) {
        length = length << 8 | header[${framing.endian === 'be' ? 'LENGTH_AT + at' : 'HEADER - 1 - at'}] & 0xff;
    }
    long size = length - COUNTED;
    if (length < 0 || size < 0 || size > MAX_MESSAGE) throw new IOException("the length of the message is not valid");
    byte[] message = input.readNBytes((int) size);
    if (message.length < size) throw new EOFException("the connection ended within a message");
    return message;
}
`;
    case 'netstring':
      return `
/** Returns the message as a netstring: its length, a colon, the message, a comma. */
static byte[] frame(byte[] message) throws IOException {
    ByteArrayOutputStream framed = new ByteArrayOutputStream();
    framed.write((message.length + ":").getBytes(StandardCharsets.US_ASCII));
    framed.write(message);
    framed.write(',');
    return framed.toByteArray();
}

/** Returns the next message, or null when the peer has closed the connection. */
static byte[] readMessage(InputStream input) throws IOException {
    int next = input.read();
    if (next < 0) return null;
    long size = 0;
    int digits = 0;
    for (; next >= '0' && next <= '9' && size <= MAX_MESSAGE; next = input.read()) {
        size = size * 10 + next - '0';
        digits++;
    }
    if (next != ':' || digits == 0 || size > MAX_MESSAGE) throw new IOException("the length of the message is not valid");
    byte[] message = input.readNBytes((int) size);
    if (message.length < size) throw new EOFException("the connection ended within a message");
    if (input.read() != ',') throw new IOException("the comma after the message is missing");
    return message;
}
`;
    case 'escaped':
    case 'cobs':
      return javaEncoding(framing);
  }
}
