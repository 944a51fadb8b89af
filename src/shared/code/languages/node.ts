import { toHex } from '../../bytes/hex.ts';
import { commonEscapes, hexDigits, readableText, type StringStyle, stringLiteral } from '../literals.ts';
import { headComment, indent, joinParts, type Language, type Program, replySeconds } from '../program.ts';

const style: StringStyle = {
  quote: '"',
  escapes: commonEscapes,
  spell: (codePoint) => (codePoint < 0x100 ? `\\x${hexDigits(codePoint, 2)}` : `\\u{${hexDigits(codePoint, 4)}}`),
};

function literal(bytes: Uint8Array): string {
  const text = readableText(bytes);
  return text === undefined ? `Buffer.from("${toHex(bytes)}", "hex")` : `Buffer.from(${stringOf(text)}, "utf8")`;
}

function stringOf(text: string): string {
  return stringLiteral(text, style);
}

function constants({ transport, host, port, path, framing, payload, answer, maxMessage, side }: Program): string {
  const lines =
    transport === 'local'
      ? [`const PATH = ${stringOf(path)};`]
      : [`const HOST = ${stringOf(host)};`, `const PORT = ${port};`];
  if (framing.kind === 'delimiter') lines.push(`const DELIMITER = ${literal(framing.delimiter)};`);
  if (framing.kind === 'fixed') lines.push(`const SIZE = ${framing.size};`, `const PADDING = ${framing.pad};`);
  if (framing.kind === 'length') {
    lines.push(`const HEADER = ${framing.header}; // bytes before the message`);
    lines.push(`const LENGTH_AT = ${framing.header - framing.size}; // offset of the length in the header`);
    lines.push(`const COUNTED = ${framing.counted}; // the length minus the bytes of the message`);
  }
  if (framing.kind !== 'raw') lines.push(`const MAX_MESSAGE = ${maxMessage};`);
  if (side === 'client') lines.push(`const REPLY_MS = ${replySeconds * 1000}; // how long to wait for a reply`);
  if (side === 'client' && payload !== undefined) lines.push('', `const PAYLOAD = ${literal(payload)};`);
  if (answer.kind === 'reply') lines.push('', `const REPLY = ${literal(answer.bytes)};`);
  return lines.join('\n');
}

const takeComment =
  '// Returns the first whole message of the received bytes and the bytes after it; undefined while it is incomplete.';

function framingFunctions({ framing }: Program): string {
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
  }
}

const receive = `
// Yields the messages of a connection until the peer closes it. A read may be a part of a message or several messages.
async function* messagesOf(socket) {
  let pending = Buffer.alloc(0);
  for await (const data of socket) {
    pending = Buffer.concat([pending, data]);
    for (let taken = takeMessage(pending); taken; taken = takeMessage(pending)) {
      pending = taken.rest;
      yield taken.message;
    }
  }
  if (pending.length > 0) throw new Error("the connection ended within a message");
}
`;

function tlsOptions({ tls, side }: Program): string[] {
  if (!tls) return [];
  const lines = ['minVersion: "TLSv1.2",'];
  if (tls.ca !== '') lines.push(`ca: fs.readFileSync(${stringOf(tls.ca)}),`);
  if (tls.certificate !== '') {
    lines.push(`cert: fs.readFileSync(${stringOf(tls.certificate)}),`, `key: fs.readFileSync(${stringOf(tls.key)}),`);
  }
  if (side === 'client') {
    if (!/^[\d.]+$|:/.test(tls.serverName)) lines.push(`servername: ${stringOf(tls.serverName)},`);
    lines.push(
      `checkServerIdentity: (_, certificate) => tls.checkServerIdentity(${stringOf(tls.serverName)}, certificate),`,
    );
    if (!tls.verify)
      lines.push('rejectUnauthorized: false, // Verification is off: anyone can pretend to be the server.');
  } else if (tls.clientCertificate !== 'none') {
    lines.push('requestCert: true,', `rejectUnauthorized: ${tls.clientCertificate === 'require'},`);
  }
  return lines;
}

function clientMain(program: Program): string {
  const { transport, framing, payload, tls } = program;
  const address = transport === 'local' ? ['path: PATH,'] : ['host: HOST,', 'port: PORT,'];
  const options = indent([...address, ...tlsOptions(program)].join('\n'), '  ');
  const framed = framing.kind === 'raw' ? 'PAYLOAD' : 'frame(PAYLOAD)';
  const read =
    framing.kind === 'raw'
      ? `// Print what the server sends, until it closes the connection or sends nothing for some seconds.
for await (const data of socket) process.stdout.write(data);`
      : `// Print the reply.
for await (const message of messagesOf(socket)) {
  process.stdout.write(Buffer.concat([message, Buffer.from("\\n")]));
  break;
}`;
  return `
const socket = ${tls ? 'tls' : 'net'}.connect({
${options}
});
socket.setTimeout(REPLY_MS, () => {
  process.stderr.write("no more data was received in time\\n");
  socket.destroy();
});
await once(socket, "${tls ? 'secureConnect' : 'connect'}");
${payload === undefined ? '' : `\n// write() sends all bytes, in as many calls of send() as it takes.\nsocket.write(${framed});\n`}
try {
${indent(read, '  ')}
} catch (error) {
  if (error.code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
}
socket.end();
socket.destroySoon();
`;
}

function streamServerMain(program: Program): string {
  const { transport, framing, answer, tls, backlog } = program;
  const isRaw = framing.kind === 'raw';
  const sent = { echo: isRaw ? 'data' : 'frame(message)', reply: isRaw ? 'REPLY' : 'frame(REPLY)', silent: '' }[
    answer.kind
  ];
  const reply = sent === '' ? '' : `\n      if (!socket.write(${sent})) await once(socket, "drain");`;
  const loop = isRaw
    ? `for await (const data of socket) {
      process.stdout.write(data);${reply}
    }`
    : `for await (const message of messagesOf(socket)) {
      process.stdout.write(Buffer.concat([message, Buffer.from("\\n")]));${reply}
    }`;
  const options = indent(tlsOptions(program).join('\n'), '  ');
  const create = tls ? `tls.createServer({\n${options}\n}, serve)` : 'net.createServer({ allowHalfOpen: true }, serve)';
  const isLocal = transport === 'local';
  return `
// Receives messages until the client closes the connection.
async function serve(socket) {
  try {
    ${loop}
    socket.end();
  } catch (error) {
    process.stderr.write(\`connection failed: \${error.message}\\n\`);
    socket.destroy();
  }
}

const server = ${create};
${tls ? 'server.on("tlsClientError", (error) => process.stderr.write("handshake failed: " + error.message + "\\n"));\n' : ''}${isLocal ? 'fs.rmSync(PATH, { force: true }); // left by an earlier run\n' : ''}server.listen({ ${isLocal ? 'path: PATH' : 'host: HOST, port: PORT'}, backlog: ${backlog} }, () => {
  process.stderr.write(\`listening on \${${isLocal ? 'PATH' : 'server.address().port'}}\\n\`);
});
`;
}

function udpMain({ side, isIpv6, payload, answer }: Program): string {
  const socket = `const socket = dgram.createSocket("udp${isIpv6 ? 6 : 4}");`;
  if (side === 'server') {
    const reply = { echo: 'data', reply: 'REPLY', silent: '' }[answer.kind];
    return `
${socket}
socket.on("message", (data, peer) => {
  process.stdout.write(data);
${reply === '' ? '' : `  socket.send(${reply}, peer.port, peer.address);\n`}});
socket.bind(PORT, HOST, () => process.stderr.write(\`bound to \${socket.address().port}\\n\`));
`;
  }
  return `
${socket}
socket.connect(PORT, HOST);
await once(socket, "connect");
const timer = setTimeout(() => {
  process.stderr.write("no reply was received in time\\n");
  socket.close();
}, REPLY_MS);
socket.on("message", (data) => {
  process.stdout.write(data);
  clearTimeout(timer);
  socket.close();
});
${payload === undefined ? '' : 'socket.send(PAYLOAD); // one datagram\n'}`;
}

function write(program: Program): string {
  const { side, transport, framing, tls } = program;
  const isUdp = transport === 'udp';
  const isServer = side === 'server';
  const modules = isUdp ? ['dgram'] : tls ? ['tls'] : ['net'];
  if (tls || (isServer && transport === 'local')) modules.unshift('fs');
  const once = isServer && (isUdp || program.answer.kind === 'silent') ? '' : 'import { once } from "node:events";\n';
  const imports = modules.map((name) => `import ${name} from "node:${name}";\n`).join('');
  return joinParts(
    `// ${isServer ? 'Server' : 'Client'} for Node.js. ${headComment(program, '// ')}\n${once}${imports}`,
    constants(program),
    !isUdp && framingFunctions(program),
    !isUdp && framing.kind !== 'raw' && receive,
    isUdp ? udpMain(program) : isServer ? streamServerMain(program) : clientMain(program),
  );
}

/** JavaScript for Node.js. */
export const node: Language = {
  label: 'Node.js',
  extension: 'mjs',
  transports: ['tcp', 'tls', 'udp', 'local'],
  missing: '',
  literal,
  write,
};
