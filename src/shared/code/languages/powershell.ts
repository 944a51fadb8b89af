import { headComment, indent, joinParts, type Language, type Program } from '../program.ts';
import { powershellConstants, powershellFraming, powershellLiteral } from './powershell-framing.ts';

const readSome =
  '$data = [byte[]]::new(65536)\nwhile (($count = $stream.Read($data, 0, $data.Length)) -gt 0) {\n    $Output.Write($data, 0, $count)\n';
const readEach =
  '$reader = [IO.BufferedStream]::new($stream) # for reading only\nwhile ($null -ne ($message = Read-Message $reader)) {\n    $Output.Write($message, 0, $message.Length)\n    $Output.WriteByte(10)\n';

function clientMain({ transport, framing, payload }: Program): string {
  const isRaw = framing.kind === 'raw';
  if (transport === 'udp') {
    return `
$socket = [Net.Sockets.UdpClient]::new($Address, $Port)
$socket.Client.ReceiveTimeout = $ReplyMs
${payload === undefined ? '' : '$null = $socket.Send($Payload, $Payload.Length) # one datagram\n'}try {
    $peer = $null
    $data = $socket.Receive([ref]$peer)
    $Output.Write($data, 0, $data.Length)
} catch [Net.Sockets.SocketException] {
    [Console]::Error.WriteLine("no reply was received: " + $_.Exception.Message)
}
$socket.Close()
`;
  }
  const open =
    transport === 'local'
      ? `$socket = [Net.Sockets.Socket]::new("Unix", "Stream", "Unspecified")
$socket.Connect([Net.Sockets.UnixDomainSocketEndPoint]::new($SocketPath))`
      : `$socket = [Net.Sockets.Socket]::new("Stream", "Tcp")
$socket.Connect($Address, $Port)`;
  const send =
    payload === undefined
      ? ''
      : isRaw
        ? '\n# Write() sends all bytes, in as many calls of send() as it takes.\n$stream.Write($Payload, 0, $Payload.Length)\n'
        : '\nSend-Message $stream $Payload\n';
  const read = isRaw
    ? `# Print what the server sends, until it closes the connection or sends nothing for some seconds.\n${readSome}}`
    : `# Print the reply.\n${readEach}    break\n}`;
  return `
${open}
$socket.ReceiveTimeout = $ReplyMs
$stream = [Net.Sockets.NetworkStream]::new($socket, $true)
${send}
try {
${indent(read, '    ')}
} catch [IO.IOException] {
    [Console]::Error.WriteLine("no more data was received: " + $_.Exception.Message)
}
$stream.Close()
`;
}

function serverMain({ transport, framing, answer, backlog }: Program): string {
  const isRaw = framing.kind === 'raw';
  const isLocal = transport === 'local';
  if (transport === 'udp') {
    const sent = { echo: '$data, $data.Length', reply: '$Reply, $Reply.Length', silent: '' }[answer.kind];
    return `
$socket = [Net.Sockets.UdpClient]::new([Net.IPEndPoint]::new([Net.Dns]::GetHostAddresses($Address)[0], $Port))
[Console]::Error.WriteLine("bound to " + $socket.Client.LocalEndPoint.Port)
while ($true) {
    $peer = $null
    $data = $socket.Receive([ref]$peer)
    $Output.Write($data, 0, $data.Length)
${sent === '' ? '' : `    $null = $socket.Send(${sent}, $peer)\n`}}
`;
  }
  const raw = {
    echo: '    $stream.Write($data, 0, $count)\n',
    reply: '    $stream.Write($Reply, 0, $Reply.Length)\n',
    silent: '',
  };
  const framed = {
    echo: '    Send-Message $stream $message\n',
    reply: '    Send-Message $stream $Reply\n',
    silent: '',
  };
  const loop = isRaw ? `${readSome}${raw[answer.kind]}}` : `${readEach}${framed[answer.kind]}}`;
  const open = isLocal
    ? `Remove-Item -LiteralPath $SocketPath -ErrorAction Ignore # left by an earlier run
$server = [Net.Sockets.Socket]::new("Unix", "Stream", "Unspecified")
$server.Bind([Net.Sockets.UnixDomainSocketEndPoint]::new($SocketPath))`
    : `$local = [Net.Dns]::GetHostAddresses($Address)[0]
$server = [Net.Sockets.Socket]::new($local.AddressFamily, "Stream", "Tcp")
$server.Bind([Net.IPEndPoint]::new($local, $Port))`;
  return `
${open}
$server.Listen(${backlog})
[Console]::Error.WriteLine("listening on " + ${isLocal ? '$SocketPath' : '$server.LocalEndPoint.Port'})

# Serves one connection after the other: the next client waits until the current one has closed its connection.
while ($true) {
    $stream = [Net.Sockets.NetworkStream]::new($server.Accept(), $true)
    try {
${indent(loop, '        ')}
    } catch {
        [Console]::Error.WriteLine("connection failed: " + $_.Exception.Message)
    }
    $stream.Close()
}
`;
}

function write(program: Program): string {
  const { side, transport } = program;
  return joinParts(
    `# ${side === 'server' ? 'Server' : 'Client'} side, for PowerShell 7. ${headComment(program, '# ')}\n$ErrorActionPreference = "Stop"`,
    powershellConstants(program),
    transport !== 'udp' && powershellFraming(program),
    side === 'client' ? clientMain(program) : serverMain(program),
  );
}

/** PowerShell 7, with the sockets of .NET. */
export const powershell: Language = {
  label: 'PowerShell',
  extension: 'ps1',
  transports: ['tcp', 'udp', 'local'],
  missing: 'Select TCP, or generate the program in C#.',
  literal: powershellLiteral,
  write,
};
