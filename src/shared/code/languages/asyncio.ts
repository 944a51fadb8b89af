import { headComment, indent, type Language, type Program } from '../program.ts';
import { pythonTls } from './python.ts';
import { joinPython, pythonBytes, pythonConstants, pythonFraming, pythonString } from './python-framing.ts';

const receive = `
async def receive_message(reader, pending):
    """Returns the next message, or None when the peer has closed the connection."""
    while True:
        message = take_message(pending)
        if message is not None:
            return message
        data = await reader.read(65536)  # may return a part of a message or several messages
        if not data:
            if pending:
                raise ConnectionError("the connection ended within a message")
            return None
        pending += data
`;

const show = `
def show(message):
    """Prints received bytes."""
    sys.stdout.buffer.write(message)
    sys.stdout.buffer.flush()
`;

function clientMain(program: Program): string {
  const { transport, framing, payload, tls } = program;
  const isRaw = framing.kind === 'raw';
  const secure = tls ? `, ssl=context, server_hostname=${pythonString(tls.serverName)}` : '';
  const open =
    transport === 'local' ? 'asyncio.open_unix_connection(PATH)' : `asyncio.open_connection(HOST, PORT${secure})`;
  const send = `
    # write() sends all bytes, in as many calls of send() as it takes
    writer.write(${isRaw ? 'PAYLOAD' : 'frame(PAYLOAD)'})
    await writer.drain()
`;
  const read = isRaw
    ? `while data := await asyncio.wait_for(reader.read(65536), REPLY_SECONDS):
    show(data)`
    : `message = await asyncio.wait_for(receive_message(reader, bytearray()), REPLY_SECONDS)
if message is not None:
    show(message + b"\\n")`;
  return `
async def main():
${indent(pythonTls(program), '    ')}    reader, writer = await ${open}
${payload === undefined ? '' : send}
    # Receive the reply${isRaw ? ': read until the server closes the connection or sends nothing for some seconds' : ''}
    try:
${indent(read, '        ')}
    except asyncio.TimeoutError:
        print("no more data was received in time", file=sys.stderr)
    writer.close()


asyncio.run(main())
`;
}

function streamServerMain(program: Program): string {
  const { transport, framing, answer, tls, backlog } = program;
  const isRaw = framing.kind === 'raw';
  const isLocal = transport === 'local';
  const sent = { echo: isRaw ? 'data' : 'frame(message)', reply: isRaw ? 'REPLY' : 'frame(REPLY)', silent: '' }[
    answer.kind
  ];
  const reply = sent === '' ? '' : `    writer.write(${sent})\n    await writer.drain()\n`;
  const loop = isRaw
    ? `while data := await reader.read(65536):\n    show(data)\n${reply}`
    : `pending = bytearray()\nwhile (message := await receive_message(reader, pending)) is not None:\n    show(message + b"\\n")\n${reply}`;
  const start = isLocal
    ? `asyncio.start_unix_server(serve, PATH, backlog=${backlog})`
    : `asyncio.start_server(serve, HOST, PORT, backlog=${backlog}${tls ? ', ssl=context' : ''})`;
  return `
async def serve(reader, writer):
    """Receives messages until the client closes the connection."""
    try:
${indent(loop, '        ')}
    except (OSError, ValueError) as error:
        print("connection failed:", error, file=sys.stderr)
    finally:
        writer.close()


async def main():
${indent(pythonTls(program), '    ')}    server = await ${start}
    print("listening on", ${isLocal ? 'PATH' : 'server.sockets[0].getsockname()[1]'}, file=sys.stderr, flush=True)
    async with server:
        await server.serve_forever()


asyncio.run(main())
`;
}

function datagramMain({ side, payload, answer }: Program): string {
  const isServer = side === 'server';
  const sent = { echo: 'data', reply: 'REPLY', silent: '' }[answer.kind];
  const received = isServer ? (sent === '' ? '' : `self.transport.sendto(${sent}, address)`) : 'self.received.set()';
  const main = isServer
    ? `    transport, _ = await loop.create_datagram_endpoint(Datagrams, local_addr=(HOST, PORT))
    print("bound to", transport.get_extra_info("sockname")[1], file=sys.stderr, flush=True)
    await asyncio.Future()  # runs until the program is stopped`
    : `    transport, datagrams = await loop.create_datagram_endpoint(Datagrams, remote_addr=(HOST, PORT))
${payload === undefined ? '' : '    transport.sendto(PAYLOAD)  # one datagram\n'}    try:
        await asyncio.wait_for(datagrams.received.wait(), REPLY_SECONDS)
    except asyncio.TimeoutError:
        print("no reply was received in time", file=sys.stderr)
    transport.close()`;
  return `
class Datagrams(asyncio.DatagramProtocol):
    def __init__(self):
        self.received = asyncio.Event()

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        show(data)
${indent(received, '        ')}


async def main():
    loop = asyncio.get_running_loop()
${main}


asyncio.run(main())
`;
}

function write(program: Program): string {
  const { side, transport, framing, tls } = program;
  const isUdp = transport === 'udp';
  const isFramed = framing.kind !== 'raw' && !isUdp;
  const main = isUdp ? datagramMain(program) : side === 'server' ? streamServerMain(program) : clientMain(program);
  return joinPython(
    `# ${side === 'server' ? 'Server' : 'Client'} side. ${headComment(program, '# ')}\nimport asyncio\n${tls ? 'import ssl\n' : ''}import sys`,
    pythonConstants(program),
    isFramed && pythonFraming(program),
    isFramed && receive,
    show,
    main,
  );
}

/** Python with the streams and protocols of `asyncio`. */
export const asyncio: Language = {
  label: 'Python asyncio',
  extension: 'py',
  transports: ['tcp', 'tls', 'udp', 'local'],
  missing: '',
  literal: pythonBytes,
  write,
};
