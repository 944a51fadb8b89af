import type { EncodedFraming } from '../program.ts';

/** Returns the functions of a framing that encodes messages, so that they do not contain the byte that ends them. */
export function powershellEncoding(framing: EncodedFraming): string {
  const hasStart = framing.kind === 'escaped' && framing.start !== framing.end;
  return `${framing.kind === 'cobs' ? cobs : escapes(hasStart)}
# Returns the next message, or $null when the peer has closed the connection.
function Read-Message([IO.Stream]$Stream) {
    $body = [Collections.Generic.List[byte]]::new()
${hasStart ? '    $escaped = $false # the next byte is part of the message\n' : ''}    for ($next = $Stream.ReadByte(); $next -ge 0; $next = $Stream.ReadByte()) {
${hasStart ? afterStart : betweenEnds}
        if ($body.Count -gt $MaxMessage) { throw "the message is too long" }
    }
    if ($body.Count -gt 0) { throw "the connection ended within a message" }
    return $null
}
`;
}

const afterStart = `        if ($body.Count -eq 0 -and $next -ne $StartByte) { throw "the byte that begins a message is missing" }
        if ($next -eq $EndByte -and -not $escaped) { return , (Get-Message $body.GetRange(1, $body.Count - 1)) }
        $escaped = -not $escaped -and $next -eq $EscapeByte
        $body.Add($next)`;

const betweenEnds = `        if ($next -eq $EndByte -and $body.Count -gt 0) { return , (Get-Message $body) }
        if ($next -ne $EndByte) { $body.Add($next) } # an empty frame is not a message`;

const escapes = (hasStart: boolean) => `
# Sends the message with escapes, between the bytes that begin and end it.
function Send-Message([IO.Stream]$Stream, [byte[]]$Message) {
    $framed = [Collections.Generic.List[byte]]::new()
    $framed.Add(${hasStart ? '$StartByte' : '$EndByte'})
    foreach ($next in $Message) {
        $at = [Array]::IndexOf($Special, $next)
        if ($at -ge 0) {
            $framed.Add($EscapeByte)
            $framed.Add($Codes[$at])
        } else {
            $framed.Add($next)
        }
    }
    $framed.Add($EndByte)
    $Stream.Write($framed.ToArray(), 0, $framed.Count)
}

# Returns a message without its escapes.
function Get-Message([Collections.Generic.List[byte]]$Body) {
    $message = [Collections.Generic.List[byte]]::new()
    for ($at = 0; $at -lt $Body.Count; $at++) {
        if ($Body[$at] -ne $EscapeByte) {
            $message.Add($Body[$at])
            continue
        }
        $at++
        $code = -1
        if ($at -lt $Body.Count) { $code = [Array]::IndexOf($Codes, $Body[$at]) }
        if ($code -lt 0) { throw "the message contains an escape that is not valid" }
        $message.Add($Special[$code])
    }
    return , $message.ToArray()
}
`;

const cobs = `
# Sends the message without zero bytes, and the zero byte that ends it. Each block of it begins with its length.
function Send-Message([IO.Stream]$Stream, [byte[]]$Message) {
    $framed = [Collections.Generic.List[byte]]::new()
    $framed.Add(0)
    $block = 0 # where the block begins
    for ($at = 0; $at -lt $Message.Length; $at++) {
        if ($Message[$at] -ne 0) { $framed.Add($Message[$at]) }
        # A block ends at a zero byte, or after 254 other bytes.
        if ($Message[$at] -eq 0 -or ($framed.Count - $block -eq 255 -and $at + 1 -lt $Message.Length)) {
            $framed[$block] = $framed.Count - $block
            $block = $framed.Count
            $framed.Add(0)
        }
    }
    $framed[$block] = $framed.Count - $block
    $framed.Add($EndByte)
    $Stream.Write($framed.ToArray(), 0, $framed.Count)
}

# Returns the message of a frame: a zero byte separates two blocks, unless the first has 254 other bytes.
function Get-Message([Collections.Generic.List[byte]]$Body) {
    $message = [Collections.Generic.List[byte]]::new()
    $at = 0
    while ($at -lt $Body.Count) {
        [int]$block = $Body[$at]
        if ($at + $block -gt $Body.Count) { throw "the message has a block that is not complete" }
        $message.AddRange($Body.GetRange($at + 1, $block - 1))
        $at += $block
        if ($block -lt 255 -and $at -lt $Body.Count) { $message.Add(0) }
    }
    return , $message.ToArray()
}
`;
