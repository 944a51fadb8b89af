import {
  byteString,
  commonEscapes,
  hexDigits,
  isAscii,
  readableText,
  type StringStyle,
  stringLiteral,
} from '../literals.ts';
import { indent, type Program, replySeconds } from '../program.ts';
import { rustDecode, rustEncode, rustFindEncoded } from './rust-encoding.ts';

const byteStyle: StringStyle = { quote: '"', escapes: commonEscapes, spell: (byte) => `\\x${hexDigits(byte, 2)}` };
const textStyle: StringStyle = { ...byteStyle, spell: (codePoint) => `\\u{${hexDigits(codePoint, 4)}}` };

/** Returns an expression whose value is exactly these bytes. */
export function rustLiteral(bytes: Uint8Array): string {
  const text = isAscii(bytes) ? undefined : readableText(bytes);
  return text === undefined ? `b${byteString(bytes, byteStyle)}` : `${rustString(text)}.as_bytes()`;
}

const rustString = (text: string) => stringLiteral(text, textStyle);

const byteConstant = (name: string, value: number) => `const ${name}: u8 = 0x${hexDigits(value, 2)};`;

/** Returns the constants of a program: its address, its limits, its framing and what it sends. */
export function rustConstants({
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
      ? [`const PATH: &str = ${rustString(path)};`]
      : [`const HOST: &str = ${rustString(host)};`, `const PORT: u16 = ${port};`];
  if (framing.kind === 'delimiter') lines.push(`const DELIMITER: &[u8] = ${rustLiteral(framing.delimiter)};`);
  if (framing.kind === 'fixed')
    lines.push(`const SIZE: usize = ${framing.size};`, `const PADDING: u8 = ${framing.pad};`);
  if (framing.kind === 'length') {
    lines.push(`const HEADER: usize = ${framing.header}; // bytes before the message`);
    lines.push(`const LENGTH_AT: usize = ${framing.header - framing.size}; // offset of the length in the header`);
    lines.push(`const COUNTED: i128 = ${framing.counted}; // the length minus the bytes of the message`);
  }
  if (framing.kind === 'escaped') {
    const { start, end, escapeByte, special, codes } = framing;
    if (start !== end) lines.push(byteConstant('START', start));
    lines.push(byteConstant('END', end), byteConstant('ESCAPE', escapeByte));
    lines.push(`const SPECIAL: &[u8] = ${rustLiteral(special)}; // bytes that do not appear inside a message`);
    lines.push(`const CODES: &[u8] = ${rustLiteral(codes)}; // what follows the escape byte in place of each of them`);
  }
  if (framing.kind === 'cobs') lines.push(byteConstant('END', 0));
  if (framing.kind !== 'raw' && framing.kind !== 'fixed' && framing.kind !== 'length')
    lines.push(`const MAX_MESSAGE: usize = ${maxMessage};`);
  if (framing.kind === 'length') lines.push(`const MAX_MESSAGE: i128 = ${maxMessage};`);
  if (side === 'client')
    lines.push(`const REPLY_TIME: Duration = Duration::from_secs(${replySeconds}); // how long to wait for a reply`);
  if (side === 'client' && payload !== undefined) lines.push('', `const PAYLOAD: &[u8] = ${rustLiteral(payload)};`);
  if (answer.kind === 'reply') lines.push('', `const REPLY: &[u8] = ${rustLiteral(answer.bytes)};`);
  return lines.join('\n');
}

const invalid = 'return Err(io::Error::new(ErrorKind::InvalidData, "the length of the message is not valid"));';

/** Returns the function that adds the framing to a message; empty without framing. */
export function rustFrame({ framing }: Program): string {
  switch (framing.kind) {
    case 'raw':
      return '';
    case 'delimiter':
      return `
/// Returns the message with its delimiter.
fn frame(message: &[u8]) -> io::Result<Vec<u8>> {
    let mut framed = message.to_vec();
    if !message.ends_with(DELIMITER) {
        framed.extend_from_slice(DELIMITER);
    }
    Ok(framed)
}
`;
    case 'fixed':
      return `
/// Returns the message, padded to its size.
fn frame(message: &[u8]) -> io::Result<Vec<u8>> {
    if message.len() > SIZE {
        ${invalid}
    }
    let mut framed = message.to_vec();
    framed.resize(SIZE, PADDING);
    Ok(framed)
}
`;
    case 'length':
      return `
/// Returns the message after its length.
fn frame(message: &[u8]) -> io::Result<Vec<u8>> {
    let size = HEADER - LENGTH_AT;
    let length = message.len() as i128 + COUNTED;
    if length < 0 || length >> (8 * size) != 0 {
        ${invalid}
    }
    let mut framed = vec![0; LENGTH_AT];
${framing.endian === 'be' ? '    framed.extend_from_slice(&length.to_be_bytes()[16 - size..]);' : '    framed.extend_from_slice(&length.to_le_bytes()[..size]);'}
    framed.extend_from_slice(message);
    Ok(framed)
}
`;
    case 'netstring':
      return `
/// Returns the message as a netstring: its length, a colon, the message, a comma.
fn frame(message: &[u8]) -> io::Result<Vec<u8>> {
    let mut framed = format!("{}:", message.len()).into_bytes();
    framed.extend_from_slice(message);
    framed.push(b',');
    Ok(framed)
}
`;
    case 'escaped':
    case 'cobs':
      return rustEncode(framing);
  }
}

/** Returns the statements that look for a whole message in `pending`; they return its start, its end, and the next offset. */
function findMessage({ framing }: Program): string {
  switch (framing.kind) {
    case 'raw':
      return '';
    case 'delimiter':
      return `let from = searched.saturating_sub(DELIMITER.len() - 1);
if let Some(at) = pending[from..].windows(DELIMITER.len()).position(|part| part == DELIMITER) {
    let next = from + at + DELIMITER.len();
    return Ok(Some((0, ${framing.keep ? 'next' : 'from + at'}, next)));
}
if pending.len() > MAX_MESSAGE {
    ${invalid}
}
Ok(None)`;
    case 'fixed':
      return 'Ok(if pending.len() < SIZE { None } else { Some((0, SIZE, SIZE)) })';
    case 'length':
      return `if pending.len() < HEADER {
    return Ok(None);
}
let field = &pending[LENGTH_AT..HEADER];
let length = field.iter()${framing.endian === 'be' ? '' : '.rev()'}.fold(0i128, |value, byte| value << 8 | i128::from(*byte));
let size = length - COUNTED;
if !(0..=MAX_MESSAGE).contains(&size) {
    ${invalid}
}
let end = HEADER + size as usize;
Ok(if pending.len() < end { None } else { Some((HEADER, end, end)) })`;
    case 'netstring':
      return `let digits = pending.iter().take_while(|byte| byte.is_ascii_digit()).count();
let has_colon = digits > 0 && pending.get(digits) == Some(&b':');
if digits > 10 || (digits < pending.len() && !has_colon) {
    ${invalid}
}
let size = pending[..digits].iter().fold(0, |value, digit| value * 10 + usize::from(digit - b'0'));
if size > MAX_MESSAGE {
    ${invalid}
}
let end = digits + 1 + size;
match pending.get(end) {
    None => Ok(None),
    Some(b',') => Ok(Some((digits + 1, end, end + 1))),
    Some(_) => Err(io::Error::new(ErrorKind::InvalidData, "the comma after the message is missing")),
}`;
    case 'escaped':
    case 'cobs':
      return rustFindEncoded(framing);
  }
}

/** Returns the functions that find the next message in what was read. */
export function rustReceive(program: Program): string {
  const { framing } = program;
  if (framing.kind === 'raw') return '';
  const isEncoded = framing.kind === 'escaped' || framing.kind === 'cobs';
  const searched = framing.kind === 'delimiter' ? 'searched' : '_searched';
  return `${isEncoded ? rustDecode(framing) : ''}
/// Finds the first whole message in the received bytes: its start, its end, and where the next one starts.
fn find_message(pending: &[u8], ${searched}: usize) -> io::Result<Option<(usize, usize, usize)>> {
${indent(findMessage(program), '    ')}
}

/// Returns the next message, or None when the peer has closed the connection.
fn receive_message(stream: &mut impl Read, pending: &mut Vec<u8>) -> io::Result<Option<Vec<u8>>> {
    let mut searched = 0;
    let mut data = [0; 65536];
    loop {
        if let Some((start, end, next)) = find_message(pending, searched)? {
            let message = ${isEncoded ? 'decode(&pending[start..end])?' : 'pending[start..end].to_vec()'};
            pending.drain(..next);
            return Ok(Some(message));
        }
        searched = pending.len();
        // A read may return a part of a message or several messages.
        let count = stream.read(&mut data)?;
        if count == 0 && pending.is_empty() {
            return Ok(None);
        }
        if count == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        pending.extend_from_slice(&data[..count]);
    }
}
`;
}
