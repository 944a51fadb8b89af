import type { EncodedFraming } from '../program.ts';

const invalid = (problem: string) => `return Err(io::Error::new(ErrorKind::InvalidData, "${problem}"));`;
const hasStart = (framing: EncodedFraming) => framing.kind === 'escaped' && framing.start !== framing.end;

/** Returns the function that encodes a message. */
export function rustEncode(framing: EncodedFraming): string {
  if (framing.kind === 'cobs') return frameCobs;
  return `
/// Returns the message with escapes, between the bytes that begin and end it.
fn frame(message: &[u8]) -> io::Result<Vec<u8>> {
    let mut framed = vec![${hasStart(framing) ? 'START' : 'END'}];
    for byte in message {
        match SPECIAL.iter().position(|special| special == byte) {
            Some(at) => framed.extend_from_slice(&[ESCAPE, CODES[at]]),
            None => framed.push(*byte),
        }
    }
    framed.push(END);
    Ok(framed)
}
`;
}

const frameCobs = `
/// Returns the message without zero bytes, and the zero byte that ends it. Each block of it begins with its length.
fn frame(message: &[u8]) -> io::Result<Vec<u8>> {
    let mut framed = vec![0];
    let mut block = 0; // where the block begins
    for (at, byte) in message.iter().enumerate() {
        if *byte != 0 {
            framed.push(*byte);
        }
        // A block ends at a zero byte, or after 254 other bytes.
        if *byte == 0 || (framed.len() - block == 255 && at + 1 < message.len()) {
            framed[block] = (framed.len() - block) as u8;
            block = framed.len();
            framed.push(0);
        }
    }
    framed[block] = (framed.len() - block) as u8;
    framed.push(END);
    Ok(framed)
}
`;

/** Returns the function that decodes a message. */
export function rustDecode({ kind }: EncodedFraming): string {
  return kind === 'cobs' ? decodeCobs : decodeEscaped;
}

const decodeEscaped = `
/// Returns a message without its escapes.
fn decode(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut message = Vec::with_capacity(body.len());
    let mut bytes = body.iter();
    while let Some(byte) = bytes.next() {
        if *byte != ESCAPE {
            message.push(*byte);
            continue;
        }
        let code = bytes.next();
        match CODES.iter().position(|one| Some(one) == code) {
            Some(at) => message.push(SPECIAL[at]),
            None => {
                ${invalid('the message contains an escape that is not valid')}
            }
        }
    }
    Ok(message)
}
`;

const decodeCobs = `
/// Returns the message of a frame: a zero byte separates two blocks, unless the first has 254 other bytes.
fn decode(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut message = Vec::with_capacity(body.len());
    let mut at = 0;
    while at < body.len() {
        let block = usize::from(body[at]);
        if at + block > body.len() {
            ${invalid('the message has a block that is not complete')}
        }
        message.extend_from_slice(&body[at + 1..at + block]);
        at += block;
        if block < 255 && at < body.len() {
            message.push(0);
        }
    }
    Ok(message)
}
`;

/** Returns the statements that look for a whole message in `pending`. */
export function rustFindEncoded(framing: EncodedFraming): string {
  const found = hasStart(framing)
    ? `if pending.first().is_some_and(|byte| *byte != START) {
    ${invalid('the byte that begins a message is missing')}
}
let mut at = 1;
while at < pending.len() {
    match pending[at] {
        END => return Ok(Some((1, at, at + 1))),
        ESCAPE => at += 2, // the next byte is part of the message
        _ => at += 1,
    }
}`
    : `// An empty frame is not a message.
let start = pending.iter().take_while(|byte| **byte == END).count();
if let Some(size) = pending[start..].iter().position(|byte| *byte == END) {
    return Ok(Some((start, start + size, start + size + 1)));
}`;
  return `${found}
if pending.len() > MAX_MESSAGE {
    ${invalid('the message is too long')}
}
Ok(None)`;
}
