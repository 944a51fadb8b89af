import {
  byteString,
  commonEscapes,
  hexDigits,
  isAscii,
  readableText,
  type StringStyle,
  stringLiteral,
} from '../literals.ts';
import { joinParts, type Program, replySeconds } from '../program.ts';
import { pythonEncoding } from './python-encoding.ts';

const style: StringStyle = {
  quote: '"',
  escapes: commonEscapes,
  spell(codePoint) {
    if (codePoint < 0x100) return `\\x${hexDigits(codePoint, 2)}`;
    return codePoint < 0x1_0000 ? `\\u${hexDigits(codePoint, 4)}` : `\\U${hexDigits(codePoint, 8)}`;
  },
};

/** Returns a Python string literal. */
export function pythonString(text: string): string {
  return stringLiteral(text, style);
}

/** Returns a Python expression for these bytes: `b"…"`, or for text beyond ASCII `"…".encode("utf-8")`. */
export function pythonBytes(bytes: Uint8Array): string {
  const text = isAscii(bytes) ? undefined : readableText(bytes);
  return text === undefined ? `b${byteString(bytes, style)}` : `${pythonString(text)}.encode("utf-8")`;
}

const byte = (value: number) => `0x${hexDigits(value, 2)}`;

/** Joins the parts of a program with two empty lines around each function, as PEP 8 has them. */
export function joinPython(head: string, constants: string, ...parts: readonly (string | false)[]): string {
  const used = parts.filter((part) => part !== false && part.trim() !== '') as string[];
  return [joinParts(head, constants), ...used.map((part) => joinParts(part))].join('\n\n');
}

/** Returns the constants of a program: the address, the framing, what is sent. */
export function pythonConstants(program: Program): string {
  const { transport, host, port, path, framing, payload, answer, maxMessage, side } = program;
  const lines =
    transport === 'local' ? [`PATH = ${pythonString(path)}`] : [`HOST = ${pythonString(host)}`, `PORT = ${port}`];
  if (framing.kind === 'delimiter') lines.push(`DELIMITER = ${pythonBytes(framing.delimiter)}`);
  if (framing.kind === 'fixed')
    lines.push(`SIZE = ${framing.size}`, `PADDING = ${pythonBytes(Uint8Array.of(framing.pad))}`);
  if (framing.kind === 'length') {
    lines.push(`HEADER = ${framing.header}  # bytes before the message`);
    lines.push(`LENGTH_AT = ${framing.header - framing.size}  # offset of the length in the header`);
    lines.push(`COUNTED = ${framing.counted}  # the length minus the bytes of the message`);
  }
  if (framing.kind === 'escaped') {
    const { start, end, escapeByte, special, codes } = framing;
    if (start !== end) lines.push(`START = ${byte(start)}`);
    lines.push(`END = ${byte(end)}`, `ESCAPE = ${byte(escapeByte)}`);
    lines.push(`SPECIAL = ${pythonBytes(special)}  # bytes that do not appear inside a message`);
    lines.push(`CODES = ${pythonBytes(codes)}  # what follows the escape byte in place of each of them`);
  }
  if (framing.kind === 'cobs') lines.push('END = 0');
  if (framing.kind !== 'raw') lines.push(`MAX_MESSAGE = ${maxMessage}`);
  if (side === 'client') lines.push(`REPLY_SECONDS = ${replySeconds}  # how long to wait for a reply`);
  if (payload !== undefined && side === 'client') lines.push('', `PAYLOAD = ${pythonBytes(payload)}`);
  if (answer.kind === 'reply') lines.push('', `REPLY = ${pythonBytes(answer.bytes)}`);
  return lines.join('\n');
}

/** Returns the functions that apply the framing to a message, and take a message out of received bytes. */
export function pythonFraming({ framing }: Program): string {
  switch (framing.kind) {
    case 'raw':
      return '';
    case 'delimiter':
      return `
def frame(message):
    """Returns the message with its delimiter."""
    return message if message.endswith(DELIMITER) else message + DELIMITER


def take_message(pending):
    """Removes the first whole message from the received bytes. Returns None while it is incomplete."""
    end = pending.find(DELIMITER)
    if end < 0:
        if len(pending) > MAX_MESSAGE:
            raise ValueError("the message is too long")
        return None
    message = bytes(pending[:end${framing.keep ? ' + len(DELIMITER)' : ''}])
    del pending[:end + len(DELIMITER)]
    return message
`;
    case 'fixed':
      return `
def frame(message):
    """Returns the message, padded to its size."""
    if len(message) > SIZE:
        raise ValueError("the message is too long")
    return message + PADDING * (SIZE - len(message))


def take_message(pending):
    """Removes the first whole message from the received bytes. Returns None while it is incomplete."""
    if len(pending) < SIZE:
        return None
    message = bytes(pending[:SIZE])
    del pending[:SIZE]
    return message
`;
    case 'length': {
      const order = framing.endian === 'be' ? '"big"' : '"little"';
      return `
def frame(message):
    """Returns the message after its length."""
    length = (len(message) + COUNTED).to_bytes(HEADER - LENGTH_AT, ${order})
    return bytes(LENGTH_AT) + length + message


def take_message(pending):
    """Removes the first whole message from the received bytes. Returns None while it is incomplete."""
    if len(pending) < HEADER:
        return None
    size = int.from_bytes(pending[LENGTH_AT:HEADER], ${order}) - COUNTED
    if not 0 <= size <= MAX_MESSAGE:
        raise ValueError("the length of the message is not valid")
    if len(pending) < HEADER + size:
        return None
    message = bytes(pending[HEADER:HEADER + size])
    del pending[:HEADER + size]
    return message
`;
    }
    case 'netstring':
      return `
def frame(message):
    """Returns the message as a netstring: its length, a colon, the message, a comma."""
    return b"%d:%s," % (len(message), message)


def take_message(pending):
    """Removes the first whole message from the received bytes. Returns None while it is incomplete."""
    digits, colon, _ = pending[:12].partition(b":")
    if (digits or colon) and not digits.isdigit() or len(digits) > 10 or int(digits or b"0") > MAX_MESSAGE:
        raise ValueError("the length of the message is not valid")
    start = len(digits) + 1
    end = start + int(digits or b"0")
    if not colon or len(pending) <= end:
        return None
    if pending[end] != ord(","):
        raise ValueError("the comma after the message is missing")
    message = bytes(pending[start:end])
    del pending[:end + 1]
    return message
`;
    case 'escaped':
    case 'cobs':
      return pythonEncoding(framing);
  }
}
