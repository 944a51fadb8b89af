import { headComment, indent, type Language, type Program } from '../program.ts';
import { joinPython, pythonBytes, pythonConstants, pythonFraming, pythonString } from './python-framing.ts';

/** Returns the statements that create the TLS context. */
export function pythonTls({ tls, side }: Program): string {
  if (!tls) return '';
  const ca = tls.ca === '' ? '' : `cafile=${pythonString(tls.ca)}`;
  const own =
    tls.certificate === ''
      ? ''
      : `context.load_cert_chain(${pythonString(tls.certificate)}, ${pythonString(tls.key)})\n`;
  const minimum = 'context.minimum_version = ssl.TLSVersion.TLSv1_2\n';
  if (side === 'client') {
    const off = tls.verify
      ? ''
      : '# Verification is off: anyone can pretend to be the server.\ncontext.check_hostname = False\ncontext.verify_mode = ssl.CERT_NONE\n';
    return `context = ssl.create_default_context(${ca})\n${minimum}${own}${off}`;
  }
  const asks = { none: '', request: 'CERT_OPTIONAL', require: 'CERT_REQUIRED' }[tls.clientCertificate];
  const verify = asks === '' ? '' : `context.verify_mode = ssl.${asks}\n`;
  return `context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH${ca === '' ? '' : `, ${ca}`})\n${minimum}${own}${verify}`;
}

const receive = `
def receive_message(sock, pending):
    """Returns the next message, or None when the peer has closed the connection."""
    while True:
        message = take_message(pending)
        if message is not None:
            return message
        data = sock.recv(65536)  # may return a part of a message or several messages
        if not data:
            if pending:
                raise ConnectionError("the connection ended within a message")
            return None
        pending += data
`;

const sendAll = `
def send_all(sock, data):
    """Sends all bytes. send() may send only a part of them and returns their number."""
    view = memoryview(data)
    while len(view) > 0:
        sent = sock.send(view)
        view = view[sent:]
`;

const show = `
def show(message):
    """Prints received bytes."""
    sys.stdout.buffer.write(message)
    sys.stdout.buffer.flush()
`;

function familyOf({ transport, isIpv6 }: Program): string {
  return transport === 'local' ? 'AF_UNIX' : isIpv6 ? 'AF_INET6' : 'AF_INET';
}

function clientMain(program: Program): string {
  const { transport, framing, payload, tls } = program;
  const isUdp = transport === 'udp';
  const address = transport === 'local' ? 'PATH' : '(HOST, PORT)';
  const framed = framing.kind === 'raw' ? 'PAYLOAD' : 'frame(PAYLOAD)';
  const send = isUdp ? 'sock.send(PAYLOAD)  # one datagram' : `send_all(sock, ${framed})`;
  const wrap = tls
    ? `\n# TLS handshake\nsock = context.wrap_socket(sock, server_hostname=${pythonString(tls.serverName)})\n`
    : '';
  const read =
    framing.kind === 'raw'
      ? isUdp
        ? 'show(sock.recv(65535))'
        : 'while data := sock.recv(65536):\n    show(data)'
      : 'message = receive_message(sock, bytearray())\nif message is not None:\n    show(message + b"\\n")';
  return `
${pythonTls(program)}${tls ? '\n' : ''}# Create a socket and connect it to the server's address
sock = socket.socket(socket.${familyOf(program)}, socket.${isUdp ? 'SOCK_DGRAM' : 'SOCK_STREAM'})
sock.connect(${address})
${wrap}sock.settimeout(REPLY_SECONDS)
${payload === undefined ? '' : `\n# Send the payload\n${send}\n`}
# Receive the reply${framing.kind === 'raw' && !isUdp ? ': read until the server closes the connection or sends nothing for some seconds' : ''}
try:
${indent(read, '    ')}
except TimeoutError:
    print("no more data was received in time", file=sys.stderr)

# Close the connection
sock.close()
`;
}

/** Returns the function that serves one accepted connection. */
function serveFunction({ framing, answer }: Program): string {
  if (framing.kind === 'raw') {
    const reply = { echo: 'send_all(client_socket, data)', reply: 'send_all(client_socket, REPLY)', silent: '' }[
      answer.kind
    ];
    return `while data := client_socket.recv(65536):\n    show(data)\n${indent(reply, '    ')}`;
  }
  const reply = { echo: 'frame(message)', reply: 'frame(REPLY)', silent: '' }[answer.kind];
  return `pending = bytearray()
while (message := receive_message(client_socket, pending)) is not None:
    show(message + b"\\n")
${reply === '' ? '' : `    send_all(client_socket, ${reply})`}`;
}

function streamServerMain(program: Program): string {
  const { transport, tls, backlog, isIpv6 } = program;
  const isLocal = transport === 'local';
  const bind = isLocal
    ? 'if os.path.exists(PATH):\n    os.remove(PATH)  # left by an earlier run\nserver_socket.bind(PATH)'
    : 'server_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\nserver_socket.bind((HOST, PORT))';
  const wrap = tls ? 'client_socket = context.wrap_socket(client_socket, server_side=True)  # TLS handshake\n' : '';
  return `
def serve(client_socket):
    """Receives messages until the client closes the connection."""
    try:
${indent(wrap + serveFunction(program), '        ')}
    except (OSError, ValueError) as error:
        print("connection failed:", error, file=sys.stderr)
    finally:
        client_socket.close()


${pythonTls(program)}${tls ? '\n' : ''}# Create a socket, bind it to the address and listen for connections
server_socket = socket.socket(socket.${familyOf(program)}, socket.SOCK_STREAM)
${bind}
server_socket.listen(${backlog})
print("listening on", ${isLocal ? 'PATH' : 'server_socket.getsockname()[1]'}, file=sys.stderr, flush=True)

# Accept connections, each served by a thread${isIpv6 ? ' (IPv6)' : ''}
while True:
    client_socket, client_address = server_socket.accept()
    threading.Thread(target=serve, args=(client_socket,), daemon=True).start()
`;
}

function udpServerMain(program: Program): string {
  const reply = { echo: 'data', reply: 'REPLY', silent: '' }[program.answer.kind];
  return `
# Create a socket and bind it to the address
server_socket = socket.socket(socket.${familyOf(program)}, socket.SOCK_DGRAM)
server_socket.bind((HOST, PORT))
print("bound to", server_socket.getsockname()[1], file=sys.stderr, flush=True)

# Receive datagrams
while True:
    data, address = server_socket.recvfrom(65535)
    show(data)
${reply === '' ? '' : `    server_socket.sendto(${reply}, address)`}
`;
}

function write(program: Program): string {
  const { side, transport, framing, tls } = program;
  const isUdp = transport === 'udp';
  const isServer = side === 'server';
  const modules = ['socket', 'sys'];
  if (tls) modules.push('ssl');
  if (isServer && !isUdp) modules.push('threading');
  if (isServer && transport === 'local') modules.push('os');
  const main = !isServer ? clientMain(program) : isUdp ? udpServerMain(program) : streamServerMain(program);
  return joinPython(
    `# ${isServer ? 'Server' : 'Client'} side. ${headComment(program, '# ')}\n${modules
      .sort()
      .map((name) => `import ${name}`)
      .join('\n')}`,
    pythonConstants(program),
    !isUdp && sendAll,
    framing.kind !== 'raw' && !isUdp && pythonFraming(program),
    framing.kind !== 'raw' && !isUdp && receive,
    show,
    main,
  );
}

/** Python with blocking sockets, written as an introduction to `socket` writes it. */
export const python: Language = {
  label: 'Python',
  extension: 'py',
  transports: ['tcp', 'tls', 'udp', 'local'],
  missing: '',
  literal: pythonBytes,
  write,
};
