import {
  byteString,
  commonEscapes,
  hexDigits,
  isAscii,
  readableText,
  type StringStyle,
  stringLiteral,
} from '../literals.ts';
import { framingComment, indent, joinParts, type Language, type Program, replySeconds } from '../program.ts';

const byteStyle: StringStyle = { quote: '"', escapes: commonEscapes, spell: (byte) => `\\x${hexDigits(byte, 2)}` };
const textStyle: StringStyle = { ...byteStyle, spell: (codePoint) => `\\u{${hexDigits(codePoint, 4)}}` };

function literal(bytes: Uint8Array): string {
  const text = isAscii(bytes) ? undefined : readableText(bytes);
  return text === undefined ? `b${byteString(bytes, byteStyle)}` : `${stringOf(text)}.as_bytes()`;
}

const stringOf = (text: string) => stringLiteral(text, textStyle);

function constants({ transport, host, port, path, framing, payload, answer, maxMessage, side }: Program): string {
  const lines =
    transport === 'local'
      ? [`const PATH: &str = ${stringOf(path)};`]
      : [`const HOST: &str = ${stringOf(host)};`, `const PORT: u16 = ${port};`];
  if (framing.kind === 'delimiter') lines.push(`const DELIMITER: &[u8] = ${literal(framing.delimiter)};`);
  if (framing.kind === 'fixed')
    lines.push(`const SIZE: usize = ${framing.size};`, `const PADDING: u8 = ${framing.pad};`);
  if (framing.kind === 'length') {
    lines.push(`const HEADER: usize = ${framing.header}; // bytes before the message`);
    lines.push(`const LENGTH_AT: usize = ${framing.header - framing.size}; // offset of the length in the header`);
    lines.push(`const COUNTED: i128 = ${framing.counted}; // the length minus the bytes of the message`);
  }
  if (framing.kind === 'delimiter') lines.push(`const MAX_MESSAGE: usize = ${maxMessage};`);
  if (framing.kind === 'length') lines.push(`const MAX_MESSAGE: i128 = ${maxMessage};`);
  if (side === 'client')
    lines.push(`const REPLY_TIME: Duration = Duration::from_secs(${replySeconds}); // how long to wait for a reply`);
  if (side === 'client' && payload !== undefined) lines.push('', `const PAYLOAD: &[u8] = ${literal(payload)};`);
  if (answer.kind === 'reply') lines.push('', `const REPLY: &[u8] = ${literal(answer.bytes)};`);
  return lines.join('\n');
}

const invalid = 'return Err(io::Error::new(ErrorKind::InvalidData, "the length of the message is not valid"));';

function frameFunction({ framing }: Program): string {
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
  }
}

function receiveFunction(program: Program): string {
  if (program.framing.kind === 'raw') return '';
  const searched = program.framing.kind === 'delimiter' ? 'searched' : '_searched';
  return `
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
            let message = pending[start..end].to_vec();
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

const show = `
/// Prints received bytes.
fn show(bytes: &[u8]) -> io::Result<()> {
    let mut output = io::stdout();
    output.write_all(bytes)?;
    output.flush()
}
`;

function clientMain({ transport, framing, payload, isIpv6 }: Program): string {
  const isRaw = framing.kind === 'raw';
  const isUdp = transport === 'udp';
  const mutable = isUdp ? '' : 'mut ';
  const open = {
    tcp: '    let mut stream = TcpStream::connect((HOST, PORT))?;',
    tls: '',
    local: '    let mut stream = UnixStream::connect(PATH)?;',
    udp: `    let stream = UdpSocket::bind("${isIpv6 ? '[::]' : '0.0.0.0'}:0")?;\n    stream.connect((HOST, PORT))?;`,
  }[transport];
  const framed = isRaw ? 'PAYLOAD' : '&frame(PAYLOAD)?';
  const send =
    payload === undefined
      ? ''
      : isUdp
        ? '    stream.send(PAYLOAD)?; // one datagram\n'
        : `    // write_all() sends all bytes, in as many calls of send() as it takes.\n    stream.write_all(${framed})?;\n`;
  const read = isUdp
    ? `    // Print the datagram that the server sends.
    let mut data = vec![0; 65535];
    match stream.recv(&mut data) {
        Ok(count) => show(&data[..count])?,`
    : isRaw
      ? `    // Print what the server sends, until it closes the connection or sends nothing for some seconds.
    let mut data = [0; 65536];
    loop {
        match stream.read(&mut data) {
            Ok(0) => return Ok(()),
            Ok(count) => show(&data[..count])?,`
      : `    // Print the reply.
    match receive_message(&mut stream, &mut Vec::new()) {
        Ok(None) => eprintln!("the server closed the connection without a reply"),
        Ok(Some(message)) => {
            show(&message)?;
            show(b"\\n")?;
        }`;
  const by = isRaw && !isUdp ? '            ' : '        ';
  return `
fn main() -> io::Result<()> {
${open.replace('let mut ', `let ${mutable}`)}
    stream.set_read_timeout(Some(REPLY_TIME))?;
${send}
${read}
${by}Err(error) if error.kind() == ErrorKind::WouldBlock || error.kind() == ErrorKind::TimedOut => {
${by}    eprintln!("no more data was received in time");
${by}    return Ok(());
${by}}
${by}Err(error) => return Err(error),
${by.slice(4)}}
${isRaw && !isUdp ? '    }\n' : '    Ok(())\n'}}
`;
}

function streamServer({ transport, framing, answer }: Program): string {
  const isRaw = framing.kind === 'raw';
  const isLocal = transport === 'local';
  const sent = {
    echo: isRaw ? '&data[..count]' : '&frame(&message)?',
    reply: isRaw ? 'REPLY' : '&frame(REPLY)?',
    silent: '',
  }[answer.kind];
  const reply = sent === '' ? '' : `        stream.write_all(${sent})?;\n`;
  const loop = isRaw
    ? `    let mut data = [0; 65536];
    loop {
        let count = stream.read(&mut data)?;
        if count == 0 {
            return Ok(());
        }
        show(&data[..count])?;
${reply}    }`
    : `    let mut pending = Vec::new();
    while let Some(message) = receive_message(&mut stream, &mut pending)? {
        show(&message)?;
        show(b"\\n")?;
${reply}    }
    Ok(())`;
  const listen = isLocal
    ? `    let _ = std::fs::remove_file(PATH); // left by an earlier run
    let listener = UnixListener::bind(PATH)?;
    eprintln!("listening on {}", PATH);`
    : `    let listener = TcpListener::bind((HOST, PORT))?;
    eprintln!("listening on {}", listener.local_addr()?.port());`;
  return `
/// Receives messages until the client closes the connection.
fn serve(mut stream: ${isLocal ? 'UnixStream' : 'TcpStream'}) -> io::Result<()> {
${loop}
}

fn main() -> io::Result<()> {
${listen}
    for stream in listener.incoming() {
        let stream = stream?;
        // Each connection is served by a thread.
        thread::spawn(move || {
            if let Err(error) = serve(stream) {
                eprintln!("connection failed: {}", error);
            }
        });
    }
    Ok(())
}
`;
}

function udpServer({ answer }: Program): string {
  const sent = { echo: '&data[..count]', reply: 'REPLY', silent: '' }[answer.kind];
  return `
fn main() -> io::Result<()> {
    let socket = UdpSocket::bind((HOST, PORT))?;
    eprintln!("bound to {}", socket.local_addr()?.port());
    let mut data = vec![0; 65535];
    loop {
        let (count, ${sent === '' ? '_' : 'peer'}) = socket.recv_from(&mut data)?;
        show(&data[..count])?;
${sent === '' ? '' : `        socket.send_to(${sent}, peer)?;\n`}    }
}
`;
}

function importsOf({ side, transport, framing }: Program): string {
  const isServer = side === 'server';
  const isUdp = transport === 'udp';
  const ofIo = [
    ...(isServer && (isUdp || framing.kind === 'raw') ? [] : ['ErrorKind']),
    ...(isUdp ? [] : ['Read']),
    'Write',
  ];
  const lines = [`use std::io::{self, ${ofIo.join(', ')}};`];
  const name = { tcp: 'Tcp', tls: 'Tcp', local: 'Unix', udp: 'Udp' }[transport];
  const module = transport === 'local' ? 'std::os::unix::net' : 'std::net';
  if (isUdp) lines.push('use std::net::UdpSocket;');
  else lines.push(isServer ? `use ${module}::{${name}Listener, ${name}Stream};` : `use ${module}::${name}Stream;`);
  if (isServer && !isUdp) lines.push('use std::thread;');
  if (!isServer) lines.push('use std::time::Duration;');
  return lines.join('\n');
}

function write(program: Program): string {
  const { side, transport, payload, answer } = program;
  const isUdp = transport === 'udp';
  const sends = side === 'client' ? payload !== undefined : answer.kind !== 'silent';
  return joinParts(
    `// ${side === 'server' ? 'Server' : 'Client'} side. ${framingComment(program)} Compile with: rustc ${side}.rs\n${importsOf(program)}`,
    constants(program),
    sends && !isUdp && frameFunction(program),
    !isUdp && receiveFunction(program),
    show,
    side === 'client' ? clientMain(program) : isUdp ? udpServer(program) : streamServer(program),
  );
}

/** Rust, with its standard library alone. */
export const rust: Language = {
  label: 'Rust',
  extension: 'rs',
  transports: ['tcp', 'udp', 'local'],
  missing: 'Select TCP, or use a crate for TLS such as rustls.',
  literal,
  write,
};
