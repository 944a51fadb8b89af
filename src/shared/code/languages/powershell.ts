import { toHex } from '../../bytes/hex.ts';
import { readableText, type StringStyle, stringLiteral } from '../literals.ts';
import { headComment, indent, joinParts, type Language, type Program, replySeconds } from '../program.ts';

// PowerShell takes typographic quotes for quotes, so that only ASCII appears as it is.
const style: StringStyle = {
  quote: '"',
  escapes: { '\n': '`n', '\r': '`r', '\t': '`t', '"': '`"', '`': '``', $: '`$' },
  spell: (codePoint) => `\`u{${codePoint.toString(16)}}`,
  ascii: true,
};

function literal(bytes: Uint8Array): string {
  const text = readableText(bytes);
  return text === undefined
    ? `[Convert]::FromHexString("${toHex(bytes)}")`
    : `[Text.Encoding]::UTF8.GetBytes(${stringOf(text)})`;
}

const stringOf = (text: string) => stringLiteral(text, style);

function constants({ transport, host, port, path, framing, payload, answer, maxMessage, side }: Program): string {
  const bytes = (name: string, value: Uint8Array) => `[byte[]]$${name} = ${literal(value)}`;
  const lines =
    transport === 'local' ? [`$SocketPath = ${stringOf(path)}`] : [`$Address = ${stringOf(host)}`, `$Port = ${port}`];
  if (framing.kind === 'delimiter') lines.push(bytes('Delimiter', framing.delimiter));
  if (framing.kind === 'fixed') lines.push(`$Size = ${framing.size}`, `$Padding = ${framing.pad}`);
  if (framing.kind === 'length') {
    lines.push(`$Header = ${framing.header} # bytes before the message`);
    lines.push(`$LengthAt = ${framing.header - framing.size} # offset of the length in the header`);
    lines.push(`$Counted = ${framing.counted} # the length minus the bytes of the message`);
  }
  if (framing.kind === 'delimiter' || framing.kind === 'length') lines.push(`$MaxMessage = ${maxMessage}`);
  if (side === 'client') lines.push(`$ReplyMs = ${replySeconds * 1000} # how long to wait for a reply`);
  if (side === 'client' && payload !== undefined) lines.push(bytes('Payload', payload));
  if (answer.kind === 'reply') lines.push(bytes('Reply', answer.bytes));
  return `${lines.join('\n')}\n$Output = [Console]::OpenStandardOutput()`;
}

const readFully = `
# Reads bytes into the buffer until it is full or the stream ends; returns their number.
function Read-Fully([IO.Stream]$Stream, [byte[]]$Buffer) {
    $used = 0
    while ($used -lt $Buffer.Length) {
        $count = $Stream.Read($Buffer, $used, $Buffer.Length - $used)
        if ($count -eq 0) { break }
        $used += $count
    }
    if ($used -gt 0 -and $used -lt $Buffer.Length) { throw "the connection ended within a message" }
    return $used
}
`;

function framingFunctions({ framing }: Program): string {
  switch (framing.kind) {
    case 'raw':
      return '';
    case 'delimiter':
      return `
function Test-Delimiter([Collections.Generic.List[byte]]$Bytes) {
    $from = $Bytes.Count - $Delimiter.Length
    if ($from -lt 0) { return $false }
    for ($at = 0; $at -lt $Delimiter.Length; $at++) {
        if ($Bytes[$from + $at] -ne $Delimiter[$at]) { return $false }
    }
    return $true
}

# Sends the message and its delimiter.
function Send-Message([IO.Stream]$Stream, [byte[]]$Message) {
    $Stream.Write($Message, 0, $Message.Length)
    if (-not (Test-Delimiter ([Collections.Generic.List[byte]]::new($Message)))) {
        $Stream.Write($Delimiter, 0, $Delimiter.Length)
    }
}

# Returns the next message, or $null when the peer has closed the connection.
function Read-Message([IO.Stream]$Stream) {
    $message = [Collections.Generic.List[byte]]::new()
    for ($next = $Stream.ReadByte(); $next -ge 0; $next = $Stream.ReadByte()) {
        $message.Add($next)
        if ($next -eq $Delimiter[-1] -and (Test-Delimiter $message)) {
            return , $message.GetRange(0, $message.Count${framing.keep ? '' : ' - $Delimiter.Length'}).ToArray()
        }
        if ($message.Count -gt $MaxMessage) { throw "the message is too long" }
    }
    if ($message.Count -gt 0) { throw "the connection ended within a message" }
    return $null
}
`;
    case 'fixed':
      return `${readFully}
# Sends the message, padded to its size.
function Send-Message([IO.Stream]$Stream, [byte[]]$Message) {
    if ($Message.Length -gt $Size) { throw "the message is too long" }
    $framed = [byte[]]::new($Size)
    [Array]::Fill($framed, [byte]$Padding)
    $Message.CopyTo($framed, 0)
    $Stream.Write($framed, 0, $Size)
}

# Returns the next message, or $null when the peer has closed the connection.
function Read-Message([IO.Stream]$Stream) {
    $message = [byte[]]::new($Size)
    if ((Read-Fully $Stream $message) -eq 0) { return $null }
    return , $message
}
`;
    case 'length':
      return `${readFully}
# Sends the message after its length.
function Send-Message([IO.Stream]$Stream, [byte[]]$Message) {
    $bytes = [byte[]]::new($Header)
    [long]$length = $Message.Length + $Counted
    for ($at = 0; $at -lt $Header - $LengthAt; $at++) {
        $bytes[${framing.endian === 'be' ? '$Header - 1 - $at' : '$LengthAt + $at'}] = $length -band 255
        $length = $length -shr 8
    }
    if ($length -ne 0) { throw "the length does not fit into its field" }
    $Stream.Write($bytes, 0, $Header)
    $Stream.Write($Message, 0, $Message.Length)
}

# Returns the next message, or $null when the peer has closed the connection.
function Read-Message([IO.Stream]$Stream) {
    $bytes = [byte[]]::new($Header)
    if ((Read-Fully $Stream $bytes) -eq 0) { return $null }
    [long]$length = 0
    for ($at = 0; $at -lt $Header - $LengthAt; $at++) {
        $length = ($length -shl 8) -bor $bytes[${framing.endian === 'be' ? '$LengthAt + $at' : '$Header - 1 - $at'}]
    }
    $size = $length - $Counted
    if ($length -lt 0 -or $size -lt 0 -or $size -gt $MaxMessage) { throw "the length of the message is not valid" }
    $message = [byte[]]::new($size)
    if ((Read-Fully $Stream $message) -lt $size) { throw "the connection ended within a message" }
    return , $message
}
`;
  }
}

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
    constants(program),
    transport !== 'udp' && framingFunctions(program),
    side === 'client' ? clientMain(program) : serverMain(program),
  );
}

/** PowerShell 7, with the sockets of .NET. */
export const powershell: Language = {
  label: 'PowerShell',
  extension: 'ps1',
  transports: ['tcp', 'udp', 'local'],
  missing: 'Select TCP, or generate the program in C#.',
  literal,
  write,
};
