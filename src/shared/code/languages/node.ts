import { headComment, indent, joinParts, type Language, type Program } from '../program.ts';
import { nodeConstants, nodeFraming, nodeLiteral, nodeString } from './node-framing.ts';

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
  if (tls.ca !== '') lines.push(`ca: fs.readFileSync(${nodeString(tls.ca)}),`);
  if (tls.certificate !== '') {
    lines.push(
      `cert: fs.readFileSync(${nodeString(tls.certificate)}),`,
      `key: fs.readFileSync(${nodeString(tls.key)}),`,
    );
  }
  if (side === 'client') {
    if (!/^[\d.]+$|:/.test(tls.serverName)) lines.push(`servername: ${nodeString(tls.serverName)},`);
    lines.push(
      `checkServerIdentity: (_, certificate) => tls.checkServerIdentity(${nodeString(tls.serverName)}, certificate),`,
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
    nodeConstants(program),
    !isUdp && nodeFraming(program),
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
  literal: nodeLiteral,
  write,
};
