import type { EncodedFraming } from '../program.ts';

/** Returns the functions of a framing that encodes messages, so that they do not contain the byte that ends them. */
export function nodeEncoding(framing: EncodedFraming): string {
  const hasStart = framing.kind === 'escaped' && framing.start !== framing.end;
  return `${framing.kind === 'cobs' ? cobs : escapes(hasStart)}
// Returns the first whole message of the received bytes and the bytes after it; undefined while it is incomplete.
function takeMessage(pending) {
${hasStart ? findWithStart : findWithoutStart}  if (end < 0 && pending.length > MAX_MESSAGE) throw new Error("the message is too long");
  if (end < 0) return undefined;
  return { message: decode(pending.subarray(start, end)), rest: pending.subarray(end + 1) };
}
`;
}

const findWithoutStart = `  let start = 0;
  while (pending[start] === END) start += 1; // an empty frame is not a message
  const end = pending.indexOf(END, start);
`;

const findWithStart = `  if (pending.length > 0 && pending[0] !== START) throw new Error("the byte that begins a message is missing");
  const start = 1;
  let end = pending.indexOf(END, start);
  while (end >= 0 && isEscaped(pending, end)) end = pending.indexOf(END, end + 1);
`;

const isEscaped = `
// Returns true for a byte after an escape byte that is not escaped itself.
function isEscaped(pending, at) {
  let count = 0;
  while (pending[at - 1 - count] === ESCAPE) count += 1;
  return count % 2 === 1;
}
`;

const escapes = (hasStart: boolean) => `
// Returns the message with escapes, between the bytes that begin and end it.
function frame(message) {
  const framed = [${hasStart ? 'START' : 'END'}];
  for (const byte of message) {
    const at = SPECIAL.indexOf(byte);
    if (at < 0) framed.push(byte);
    else framed.push(ESCAPE, CODES[at]);
  }
  framed.push(END);
  return Buffer.from(framed);
}

// Returns a message without its escapes.
function decode(body) {
  const message = [];
  for (let at = 0; at < body.length; at += 1) {
    if (body[at] !== ESCAPE) {
      message.push(body[at]);
      continue;
    }
    at += 1;
    const code = at < body.length ? CODES.indexOf(body[at]) : -1;
    if (code < 0) throw new Error("the message contains an escape that is not valid");
    message.push(SPECIAL[code]);
  }
  return Buffer.from(message);
}
${hasStart ? isEscaped : ''}`;

const cobs = `
// Returns the message without zero bytes, and the zero byte that ends it. Each block of it begins with its length.
function frame(message) {
  const framed = [0];
  let block = 0; // where the block begins
  for (const [at, byte] of message.entries()) {
    if (byte !== 0) framed.push(byte);
    // A block ends at a zero byte, or after 254 other bytes.
    if (byte === 0 || (framed.length - block === 255 && at + 1 < message.length)) {
      framed[block] = framed.length - block;
      block = framed.length;
      framed.push(0);
    }
  }
  framed[block] = framed.length - block;
  framed.push(END);
  return Buffer.from(framed);
}

// Returns the message of a frame: a zero byte separates two blocks, unless the first has 254 other bytes.
function decode(body) {
  const message = [];
  for (let at = 0; at < body.length; ) {
    const next = at + body[at];
    if (next > body.length) throw new Error("the message has a block that is not complete");
    message.push(...body.subarray(at + 1, next));
    if (body[at] < 255 && next < body.length) message.push(0);
    at = next;
  }
  return Buffer.from(message);
}
`;
