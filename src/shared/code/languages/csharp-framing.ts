import {
  byteString,
  commonEscapes,
  hexDigits,
  isAscii,
  readableText,
  type StringStyle,
  stringLiteral,
} from '../literals.ts';
import { type Program, replySeconds } from '../program.ts';
import { csharpEncoding } from './csharp-encoding.ts';

// \u has exactly four digits and \U eight; \x has one to four.
const style: StringStyle = {
  quote: '"',
  escapes: commonEscapes,
  spell: (codePoint) => (codePoint < 0x1_0000 ? `\\u${hexDigits(codePoint, 4)}` : `\\U${hexDigits(codePoint, 8)}`),
};

/** Returns an expression whose value is exactly these bytes. */
export function csharpLiteral(bytes: Uint8Array): string {
  const text = isAscii(bytes) ? undefined : readableText(bytes);
  return text === undefined
    ? `Encoding.Latin1.GetBytes(${byteString(bytes, style)})`
    : `Encoding.UTF8.GetBytes(${csharpString(text)})`;
}

/** Returns a string literal. */
export const csharpString = (text: string) => stringLiteral(text, style);

const byteConstant = (name: string, value: number) => `const byte ${name} = 0x${hexDigits(value, 2)};`;

/** Returns the constants of a program: its address, its limits, its framing and what it sends. */
export function csharpConstants({
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
  const lines =
    transport === 'local'
      ? [`const string Path = ${csharpString(path)};`]
      : [`const string Host = ${csharpString(host)};`, `const int Port = ${port};`];
  if (framing.kind === 'delimiter') lines.push(`byte[] delimiter = ${csharpLiteral(framing.delimiter)};`);
  if (framing.kind === 'fixed') lines.push(`const int Size = ${framing.size};`, `const byte Padding = ${framing.pad};`);
  if (framing.kind === 'length') {
    lines.push(`const int Header = ${framing.header}; // bytes before the message`);
    lines.push(`const int LengthAt = ${framing.header - framing.size}; // offset of the length in the header`);
    lines.push(`const long Counted = ${framing.counted}; // the length minus the bytes of the message`);
  }
  if (framing.kind === 'escaped') {
    const { start, end, escapeByte, special, codes } = framing;
    if (start !== end) lines.push(byteConstant('Start', start));
    lines.push(byteConstant('End', end), byteConstant('Escape', escapeByte));
    lines.push(`byte[] special = ${csharpLiteral(special)}; // bytes that do not appear inside a message`);
    lines.push(`byte[] codes = ${csharpLiteral(codes)}; // what follows the escape byte in place of each of them`);
  }
  if (framing.kind === 'cobs') lines.push(byteConstant('End', 0));
  if (framing.kind !== 'raw' && framing.kind !== 'fixed') lines.push(`const int MaxMessage = ${maxMessage};`);
  if (side === 'client') lines.push(`const int ReplyMs = ${replySeconds * 1000}; // how long to wait for a reply`);
  if (side === 'client' && payload !== undefined) lines.push(`byte[] payload = ${csharpLiteral(payload)};`);
  if (answer.kind === 'reply') lines.push(`byte[] reply = ${csharpLiteral(answer.bytes)};`);
  return `${lines.join('\n')}\nusing Stream output = Console.OpenStandardOutput();`;
}

/** Returns the functions that add the framing to a message and read the next message; empty without framing. */
export function csharpFraming({ framing }: Program): string {
  switch (framing.kind) {
    case 'raw':
      return '';
    case 'delimiter':
      return `
// Returns the message with its delimiter.
byte[] Frame(byte[] message) => message.AsSpan().EndsWith(delimiter) ? message : [.. message, .. delimiter];

// Returns the next message, or null when the peer has closed the connection.
byte[]? ReadMessage(Stream stream)
{
    var message = new List<byte>();
    for (int next = stream.ReadByte(); next >= 0; next = stream.ReadByte())
    {
        message.Add((byte)next);
        if (CollectionsMarshal.AsSpan(message).EndsWith(delimiter))
            return message.GetRange(0, message.Count${framing.keep ? '' : ' - delimiter.Length'}).ToArray();
        if (message.Count > MaxMessage) throw new InvalidDataException("the message is too long");
    }
    return message.Count == 0 ? null : throw new EndOfStreamException("the connection ended within a message");
}
`;
    case 'fixed':
      return `
// Returns the message, padded to its size.
byte[] Frame(byte[] message)
{
    if (message.Length > Size) throw new InvalidDataException("the message is too long");
    var framed = new byte[Size];
    Array.Fill(framed, Padding);
    message.CopyTo(framed, 0);
    return framed;
}

// Returns the next message, or null when the peer has closed the connection.
byte[]? ReadMessage(Stream stream)
{
    var message = new byte[Size];
    int count = stream.ReadAtLeast(message, Size, throwOnEndOfStream: false);
    if (count == 0) return null;
    return count == Size ? message : throw new EndOfStreamException("the connection ended within a message");
}
`;
    case 'length':
      return `
// Returns the message after its length.
byte[] Frame(byte[] message)
{
    var framed = new byte[Header + message.Length];
    long length = message.Length + Counted;
    for (int at = 0; at < Header - LengthAt; at++)
    {
        framed[${framing.endian === 'be' ? 'Header - 1 - at' : 'LengthAt + at'}] = (byte)(length & 0xff);
        length >>= 8;
    }
    if (length != 0) throw new InvalidDataException("the length does not fit into its field");
    message.CopyTo(framed, Header);
    return framed;
}

// Returns the next message, or null when the peer has closed the connection.
byte[]? ReadMessage(Stream stream)
{
    var header = new byte[Header];
    int count = stream.ReadAtLeast(header, Header, throwOnEndOfStream: false); // reads until it has all of them
    if (count == 0) return null;
    if (count < Header) throw new EndOfStreamException("the connection ended within a message");
    ulong length = 0;
    for (int at = 0; at < Header - LengthAt; at++) length = length << 8 | header[${framing.endian === 'be' ? 'LengthAt + at' : 'Header - 1 - at'}];
    if (length > long.MaxValue) throw new InvalidDataException("the length of the message is not valid");
    long size = (long)length - Counted;
    if (size < 0 || size > MaxMessage) throw new InvalidDataException("the length of the message is not valid");
    var message = new byte[size];
    stream.ReadExactly(message);
    return message;
}
`;
    case 'netstring':
      return `
// Returns the message as a netstring: its length, a colon, the message, a comma.
byte[] Frame(byte[] message) => [.. Encoding.ASCII.GetBytes(message.Length + ":"), .. message, (byte)','];

// Returns the next message, or null when the peer has closed the connection.
byte[]? ReadMessage(Stream stream)
{
    int next = stream.ReadByte();
    if (next < 0) return null;
    long size = 0;
    int digits = 0;
    for (; next >= '0' && next <= '9' && size <= MaxMessage; next = stream.ReadByte())
    {
        size = size * 10 + next - '0';
        digits++;
    }
    if (next != ':' || digits == 0 || size > MaxMessage) throw new InvalidDataException("the length of the message is not valid");
    var message = new byte[size];
    stream.ReadExactly(message);
    if (stream.ReadByte() != ',') throw new InvalidDataException("the comma after the message is missing");
    return message;
}
`;
    case 'escaped':
    case 'cobs':
      return csharpEncoding(framing);
  }
}
