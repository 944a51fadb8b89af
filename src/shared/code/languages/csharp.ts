import { headComment, indent, joinParts, type Language, type Program } from '../program.ts';
import { csharpConstants, csharpFraming, csharpLiteral, csharpString } from './csharp-framing.ts';

/** Returns the statements that declare `options` of TLS. */
function tlsStatements({ tls, side }: Program): string {
  if (!tls) return '';
  const isServer = side === 'server';
  const lines = [
    `var options = new Ssl${isServer ? 'Server' : 'Client'}AuthenticationOptions`,
    '{',
    '    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,',
  ];
  const own = `X509Certificate2.CreateFromPemFile(${csharpString(tls.certificate)}, ${csharpString(tls.key)})`;
  if (isServer) {
    lines.push(`    ServerCertificate = ${own},`);
    if (tls.clientCertificate !== 'none') lines.push('    ClientCertificateRequired = true,');
    if (tls.clientCertificate === 'request')
      lines.push(
        '    RemoteCertificateValidationCallback = (_, certificate, _, errors) => certificate == null || errors == SslPolicyErrors.None,',
      );
  } else {
    lines.push(`    TargetHost = ${csharpString(tls.serverName)},`);
    if (tls.certificate !== '') lines.push(`    ClientCertificates = new X509CertificateCollection { ${own} },`);
    if (!tls.verify) {
      lines.push('    // Verification is off: anyone can pretend to be the server.');
      lines.push('    RemoteCertificateValidationCallback = (_, _, _, _) => true,');
    }
  }
  lines.push('};');
  if (tls.ca !== '') {
    lines.push(
      'options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };',
    );
    lines.push(`options.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(${csharpString(tls.ca)});`);
  }
  return `${lines.join('\n')}\n`;
}

function streamOf({ tls, side, framing }: Program, socket: string): string {
  const stream = `new NetworkStream(${socket}, ownsSocket: true)`;
  const input = framing.kind === 'raw' ? '' : '\nvar input = new BufferedStream(stream);';
  if (!tls) return `using var stream = ${stream};${input}`;
  return `using var stream = new SslStream(${stream});\nstream.AuthenticateAs${side === 'server' ? 'Server' : 'Client'}(options); // TLS handshake${input}`;
}

function clientMain(program: Program): string {
  const { transport, framing, payload, isIpv6 } = program;
  const isRaw = framing.kind === 'raw';
  const family = isIpv6 ? 'AddressFamily.InterNetworkV6' : 'AddressFamily.InterNetwork';
  const open = {
    tcp: 'using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);\nsocket.Connect(Host, Port);',
    tls: 'using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);\nsocket.Connect(Host, Port);',
    udp: `using var socket = new Socket(${family}, SocketType.Dgram, ProtocolType.Udp);\nsocket.Connect(Host, Port);`,
    local:
      'using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);\nsocket.Connect(new UnixDomainSocketEndPoint(Path));',
  }[transport];
  if (transport === 'udp') {
    return `
${open}
socket.ReceiveTimeout = ReplyMs;
${payload === undefined ? '' : 'socket.Send(payload); // one datagram\n'}try
{
    var data = new byte[65535];
    output.Write(data, 0, socket.Receive(data));
}
catch (SocketException error) when (error.SocketErrorCode == SocketError.TimedOut)
{
    Console.Error.WriteLine("no reply was received in time");
}
`;
  }
  const send =
    payload === undefined
      ? ''
      : `\n// Write() sends all bytes, in as many calls of send() as it takes.\nstream.Write(${isRaw ? 'payload' : 'Frame(payload)'});\nstream.Flush();\n`;
  const read = isRaw
    ? `// Print what the server sends, until it closes the connection or sends nothing for some seconds.
var data = new byte[65536];
for (int count = stream.Read(data); count > 0; count = stream.Read(data)) output.Write(data, 0, count);`
    : `// Print the reply.
if (ReadMessage(input) is { } message)
{
    output.Write(message);
    output.WriteByte((byte)'\\n');
}`;
  return `
${tlsStatements(program)}${open}
socket.ReceiveTimeout = ReplyMs;
${streamOf(program, 'socket')}
${send}
try
{
${indent(read, '    ')}
}
catch (IOException error) when (error.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut })
{
    Console.Error.WriteLine("no more data was received in time");
}
`;
}

function streamServer(program: Program): string {
  const { transport, framing, answer, backlog, tls } = program;
  const isRaw = framing.kind === 'raw';
  const isLocal = transport === 'local';
  const sent = {
    echo: isRaw ? 'data, 0, count' : 'Frame(message)',
    reply: isRaw ? 'reply' : 'Frame(reply)',
    silent: '',
  }[answer.kind];
  const answers = sent === '' ? '' : `    stream.Write(${sent});\n    stream.Flush();\n`;
  const loop = isRaw
    ? `var data = new byte[65536];
for (int count = stream.Read(data); count > 0; count = stream.Read(data))
{
    lock (output) output.Write(data, 0, count);
${answers}}`
    : `while (ReadMessage(input) is { } message)
{
    lock (output) output.Write([.. message, (byte)'\\n']);
${answers}}`;
  const open = isLocal
    ? `File.Delete(Path); // left by an earlier run
using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
server.Bind(new UnixDomainSocketEndPoint(Path));`
    : `var address = Dns.GetHostAddresses(Host)[0];
using var server = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
server.Bind(new IPEndPoint(address, Port));`;
  return `
${tlsStatements(program)}
// Receives messages until the client closes the connection.
void Serve(Socket client)
{
    try
    {
${indent(streamOf(program, 'client'), '        ')}
${indent(loop, '        ')}
    }
    catch (Exception error) when (error is IOException or InvalidDataException${tls ? ' or AuthenticationException' : ''})
    {
        Console.Error.WriteLine("connection failed: " + error.Message);
    }
}

${open}
server.Listen(${backlog});
Console.Error.WriteLine("listening on " + ${isLocal ? 'Path' : '((IPEndPoint)server.LocalEndPoint!).Port'});
while (true)
{
    var client = server.Accept();
    new Thread(() => Serve(client)).Start(); // each connection is served by a thread
}
`;
}

function udpServer({ answer }: Program): string {
  const sent = { echo: 'data.AsSpan(0, count)', reply: 'reply', silent: '' }[answer.kind];
  return `
var address = Dns.GetHostAddresses(Host)[0];
using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
socket.Bind(new IPEndPoint(address, Port));
Console.Error.WriteLine("bound to " + ((IPEndPoint)socket.LocalEndPoint!).Port);
var data = new byte[65535];
while (true)
{
    EndPoint peer = new IPEndPoint(address, 0);
    int count = socket.ReceiveFrom(data, ref peer);
    output.Write(data, 0, count);
${sent === '' ? '' : `    socket.SendTo(${sent}, SocketFlags.None, peer);\n`}}
`;
}

function write(program: Program): string {
  const { side, transport, tls } = program;
  const isUdp = transport === 'udp';
  const names = ['System.Net', 'System.Net.Sockets', 'System.Runtime.InteropServices', 'System.Text'];
  if (tls)
    names.push(
      'System.Net.Security',
      'System.Security.Authentication',
      'System.Security.Cryptography.X509Certificates',
    );
  return joinParts(
    `// ${side === 'server' ? 'Server' : 'Client'} side, for .NET 8 with implicit usings. ${headComment(program, '// ')}\n${names
      .sort()
      .map((name) => `using ${name};`)
      .join('\n')}`,
    csharpConstants(program),
    !isUdp && csharpFraming(program),
    side === 'client' ? clientMain(program) : isUdp ? udpServer(program) : streamServer(program),
  );
}

/** C# 12 for .NET 8. */
export const csharp: Language = {
  label: 'C#',
  extension: 'cs',
  capital: true,
  transports: ['tcp', 'tls', 'udp', 'local'],
  missing: '',
  literal: csharpLiteral,
  write,
};
