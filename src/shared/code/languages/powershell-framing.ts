import { toHex } from '../../bytes/hex.ts';
import { hexDigits, readableText, type StringStyle, stringLiteral } from '../literals.ts';
import { type Program, replySeconds } from '../program.ts';
import { powershellEncoding } from './powershell-encoding.ts';

// PowerShell takes typographic quotes for quotes, so that only ASCII appears as it is.
const style: StringStyle = {
  quote: '"',
  escapes: { '\n': '`n', '\r': '`r', '\t': '`t', '"': '`"', '`': '``', $: '`$' },
  spell: (codePoint) => `\`u{${codePoint.toString(16)}}`,
  ascii: true,
};

/** Returns an expression whose value is exactly these bytes. */
export function powershellLiteral(bytes: Uint8Array): string {
  const text = readableText(bytes);
  return text === undefined
    ? `[Convert]::FromHexString("${toHex(bytes)}")`
    : `[Text.Encoding]::UTF8.GetBytes(${stringOf(text)})`;
}

const stringOf = (text: string) => stringLiteral(text, style);

const byteList = (bytes: Uint8Array) => [...bytes].map((value) => `0x${hexDigits(value, 2)}`).join(', ');
const byteConstant = (name: string, value: number) => `[byte]$${name} = ${byteList(Uint8Array.of(value))}`;

/** Returns the constants of a program: its address, its limits, its framing and what it sends. */
export function powershellConstants({
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
  const bytes = (name: string, value: Uint8Array) => `[byte[]]$${name} = ${powershellLiteral(value)}`;
  const lines =
    transport === 'local' ? [`$SocketPath = ${stringOf(path)}`] : [`$Address = ${stringOf(host)}`, `$Port = ${port}`];
  if (framing.kind === 'delimiter') lines.push(bytes('Delimiter', framing.delimiter));
  if (framing.kind === 'fixed') lines.push(`$Size = ${framing.size}`, `$Padding = ${framing.pad}`);
  if (framing.kind === 'length') {
    lines.push(`$Header = ${framing.header} # bytes before the message`);
    lines.push(`$LengthAt = ${framing.header - framing.size} # offset of the length in the header`);
    lines.push(`$Counted = ${framing.counted} # the length minus the bytes of the message`);
  }
  if (framing.kind === 'escaped') {
    const { start, end, escapeByte, special, codes } = framing;
    if (start !== end) lines.push(byteConstant('StartByte', start));
    lines.push(byteConstant('EndByte', end), byteConstant('EscapeByte', escapeByte));
    lines.push(`[byte[]]$Special = ${byteList(special)} # bytes that do not appear inside a message`);
    lines.push(`[byte[]]$Codes = ${byteList(codes)} # what follows the escape byte in place of each of them`);
  }
  if (framing.kind === 'cobs') lines.push(byteConstant('EndByte', 0));
  if (framing.kind !== 'raw' && framing.kind !== 'fixed') lines.push(`$MaxMessage = ${maxMessage}`);
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

/** Returns the functions that send a message with its framing and read the next message; empty without framing. */
export function powershellFraming({ framing }: Program): string {
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
    case 'netstring':
      return `${readFully}
# Sends the message as a netstring: its length, a colon, the message, a comma.
function Send-Message([IO.Stream]$Stream, [byte[]]$Message) {
    [byte[]]$framed = [Text.Encoding]::ASCII.GetBytes("$($Message.Length):") + $Message + [byte]0x2c
    $Stream.Write($framed, 0, $framed.Length)
}

# Returns the next message, or $null when the peer has closed the connection.
function Read-Message([IO.Stream]$Stream) {
    $next = $Stream.ReadByte()
    if ($next -lt 0) { return $null }
    [long]$size = 0
    $digits = 0
    while ($next -ge 0x30 -and $next -le 0x39 -and $size -le $MaxMessage) {
        $size = $size * 10 + $next - 0x30
        $digits++
        $next = $Stream.ReadByte()
    }
    if ($next -ne 0x3a -or $digits -eq 0 -or $size -gt $MaxMessage) { throw "the length of the message is not valid" }
    $message = [byte[]]::new($size)
    if ((Read-Fully $Stream $message) -lt $size) { throw "the connection ended within a message" }
    if ($Stream.ReadByte() -ne 0x2c) { throw "the comma after the message is missing" }
    return , $message
}
`;
    case 'escaped':
    case 'cobs':
      return powershellEncoding(framing);
  }
}
