import { headComment, joinParts, type Language, type Program } from '../program.ts';
import { rustConstants, rustFrame, rustLiteral, rustReceive } from './rust-framing.ts';

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
    `// ${side === 'server' ? 'Server' : 'Client'} side. ${headComment(program, '// ')} Compile with: rustc ${side}.rs\n${importsOf(program)}`,
    rustConstants(program),
    sends && !isUdp && rustFrame(program),
    !isUdp && rustReceive(program),
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
  literal: rustLiteral,
  write,
};
