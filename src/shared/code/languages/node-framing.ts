import { toHex } from '../../bytes/hex.ts';
import { commonEscapes, hexDigits, readableText, type StringStyle, stringLiteral } from '../literals.ts';
import { type Program, replySeconds } from '../program.ts';
import { nodeEncoding } from './node-encoding.ts';

const style: StringStyle = {
  quote: '"',
  escapes: commonEscapes,
  spell: (codePoint) => (codePoint < 0x100 ? `\\x${hexDigits(codePoint, 2)}` : `\\u{${hexDigits(codePoint, 4)}}`),
};

/** Returns an expression whose value is a buffer of exactly these bytes. */
export function nodeLiteral(bytes: Uint8Array): string {
  const text = readableText(bytes);
  return text === undefined ? `Buffer.from("${toHex(bytes)}", "hex")` : `Buffer.from(${nodeString(text)}, "utf8")`;
}

/** Returns a string literal. */
export function nodeString(text: string): string {
  return stringLiteral(text, style);
}

const byte = (value: number) => `0x${hexDigits(value, 2)}`;

/** Returns the constants of a program: the address, the framing, what is sent. */
export function nodeConstants({
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
      ? [`const PATH = ${nodeString(path)};`]
      : [`const HOST = ${nodeString(host)};`, `const PORT = ${port};`];
  if (framing.kind === 'delimiter') lines.push(`const DELIMITER = ${nodeLiteral(framing.delimiter)};`);
  if (framing.kind === 'fixed') lines.push(`const SIZE = ${framing.size};`, `const PADDING = ${framing.pad};`);
  if (framing.kind === 'length') {
    lines.push(`const HEADER = ${framing.header}; // bytes before the message`);
    lines.push(`const LENGTH_AT = ${framing.header - framing.size}; // offset of the length in the header`);
    lines.push(`const COUNTED = ${framing.counted}; // the length minus the bytes of the message`);
  }
  if (framing.kind === 'escaped') {
    const { start, end, escapeByte, special, codes } = framing;
    if (start !== end) lines.push(`const START = ${byte(start)};`);
    lines.push(`const END = ${byte(end)};`, `const ESCAPE = ${byte(escapeByte)};`);
    lines.push(`const SPECIAL = ${nodeLiteral(special)}; // bytes that do not appear inside a message`);
    lines.push(`const CODES = ${nodeLiteral(codes)}; // what follows the escape byte in place of each of them`);
  }
  if (framing.kind === 'cobs') lines.push('const END = 0;');
  if (framing.kind !== 'raw') lines.push(`const MAX_MESSAGE = ${maxMessage};`);
  if (side === 'client') lines.push(`const REPLY_MS = ${replySeconds * 1000}; // how long to wait for a reply`);
  if (side === 'client' && payload !== undefined) lines.push('', `const PAYLOAD = ${nodeLiteral(payload)};`);
  if (answer.kind === 'reply') lines.push('', `const REPLY = ${nodeLiteral(answer.bytes)};`);
  return lines.join('\n');
}

const takeComment =
  '// Returns the first whole message of the received bytes and the bytes after it; undefined while it is incomplete.';

/** Returns the functions that apply the framing to a message, and take a message out of received bytes. */
export function nodeFraming({ framing }: Program): string {
  switch (framing.kind) {
    case 'raw':
      return '';
    case 'delimiter':
      return `
// Returns the message with its delimiter.
function frame(message) {
  const isFramed = message.subarray(-DELIMITER.length).equals(DELIMITER);
  return isFramed ? message : Buffer.concat([message, DELIMITER]);
}

${takeComment}
function takeMessage(pending) {
  const end = pending.indexOf(DELIMITER);
  if (end < 0 && pending.length > MAX_MESSAGE) throw new Error("the message is too long");
  if (end < 0) return undefined;
  const next = end + DELIMITER.length;
  return { message: pending.subarray(0, ${framing.keep ? 'next' : 'end'}), rest: pending.subarray(next) };
}
`;
    case 'fixed':
      return `
// Returns the message, padded to its size.
function frame(message) {
  if (message.length > SIZE) throw new Error("the message is too long");
  return Buffer.concat([message, Buffer.alloc(SIZE - message.length, PADDING)]);
}

${takeComment}
function takeMessage(pending) {
  if (pending.length < SIZE) return undefined;
  return { message: pending.subarray(0, SIZE), rest: pending.subarray(SIZE) };
}
`;
    case 'length':
      return `
// Returns the message after its length.
function frame(message) {
  const header = Buffer.alloc(HEADER);
  let rest = BigInt(message.length + COUNTED);
  for (let at = LENGTH_AT; at < HEADER; at += 1) {
    header[${framing.endian === 'be' ? 'HEADER - 1 - (at - LENGTH_AT)' : 'at'}] = Number(rest & 255n);
    rest >>= 8n;
  }
  if (rest !== 0n) throw new Error("the length does not fit into its field");
  return Buffer.concat([header, message]);
}

${takeComment}
function takeMessage(pending) {
  if (pending.length < HEADER) return undefined;
  let length = 0;
  for (let at = LENGTH_AT; at < HEADER; at += 1) {
    length = length * 256 + pending[${framing.endian === 'be' ? 'at' : 'HEADER - 1 - (at - LENGTH_AT)'}];
  }
  const end = HEADER + length - COUNTED;
  if (end < HEADER || end > HEADER + MAX_MESSAGE) throw new Error("the length of the message is not valid");
  if (pending.length < end) return undefined;
  return { message: pending.subarray(HEADER, end), rest: pending.subarray(end) };
}
`;
    case 'netstring':
      return `
// Returns the message as a netstring: its length, a colon, the message, a comma.
function frame(message) {
  return Buffer.concat([Buffer.from(message.length + ":"), message, Buffer.from(",")]);
}

${takeComment}
function takeMessage(pending) {
  const [found, digits, colon] = /^([0-9]{0,10})(:?)/.exec(pending.toString("latin1", 0, 12));
  if (colon === "" && found.length === pending.length) return undefined;
  const start = found.length;
  const end = start + Number(digits);
  if (colon === "" || digits === "" || end > start + MAX_MESSAGE) {
    throw new Error("the length of the message is not valid");
  }
  if (pending.length <= end) return undefined;
  if (pending[end] !== 0x2c) throw new Error("the comma after the message is missing");
  return { message: pending.subarray(start, end), rest: pending.subarray(end + 1) };
}
`;
    case 'escaped':
    case 'cobs':
      return nodeEncoding(framing);
  }
}
