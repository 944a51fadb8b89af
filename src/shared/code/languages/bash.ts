import { byteString, octal, octalBytes, readableText, type StringStyle, stringLiteral } from '../literals.ts';
import {
  headComment,
  indent,
  joinParts,
  type Language,
  type Program,
  type ProgramFraming,
  replySeconds,
} from '../program.ts';

// The format of printf, in single quotes: it has octal escapes for every byte, also for zero.
const escapes = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\', '%': '%%', "'": '\\047' };
const byteStyle: StringStyle = { quote: "'", escapes, spell: octal };
const textStyle: StringStyle = { quote: "'", escapes, spell: octalBytes };

/** Returns a command that prints these bytes. */
function literal(bytes: Uint8Array): string {
  const text = readableText(bytes);
  return `printf -- ${text === undefined ? byteString(bytes, byteStyle) : stringLiteral(text, textStyle)}`;
}

// A string of ANSI-C quoting, for addresses and paths, which contain no zero byte.
const stringOf = (text: string) => `$${stringLiteral(text, { ...textStyle, escapes: { ...escapes, '%': '%' } })}`;

function constants({ transport, host, port, path, framing, maxMessage, side }: Program): string {
  const lines = transport === 'local' ? [`SOCKET_PATH=${stringOf(path)}`] : [`HOST=${stringOf(host)}`, `PORT=${port}`];
  if (framing.kind === 'delimiter')
    lines.push(`DELIMITER=$(${literal(framing.delimiter)}; printf x)`, `DELIMITER=\${DELIMITER%x}`);
  if (framing.kind === 'fixed') lines.push(`SIZE=${framing.size}`);
  if (framing.kind === 'length') {
    lines.push(`HEADER=${framing.header} # bytes before the message`);
    lines.push(`LENGTH_AT=${framing.header - framing.size} # offset of the length in the header`);
    lines.push(`COUNTED=${framing.counted} # the length minus the bytes of the message`);
  }
  if (framing.kind !== 'raw' && framing.kind !== 'fixed') lines.push(`MAX_MESSAGE=${maxMessage}`);
  if (side === 'client') lines.push(`REPLY_SECONDS=${replySeconds} # how long to wait for a reply`);
  lines.push(
    'message=$(mktemp) # the bytes of a message: variables cannot contain zero bytes',
    'trap \'rm -f "$message" "$message.header"\' EXIT',
  );
  return lines.join('\n');
}

/** Returns the function that prints the message in the file with its framing. */
function sendFunction(framing: ProgramFraming): string {
  switch (framing.kind) {
    case 'raw':
      return 'send_message() {\n    cat "$message"\n}';
    case 'delimiter':
      return `# Prints the message with its delimiter.
send_message() {
    cat "$message"
    local end
    end=$(tail -c "\${#DELIMITER}" "$message"; printf x)
    [ "\${end%x}" = "$DELIMITER" ] || printf '%s' "$DELIMITER"
}`;
    case 'fixed':
      return `# Prints the message, padded to its size.
send_message() {
    local count
    count=$(wc -c <"$message")
    [ "$count" -le "$SIZE" ] || { echo "the message is too long" >&2; exit 1; }
    cat "$message"
    head -c $((SIZE - count)) /dev/zero | tr '\\000' '${octal(framing.pad)}'
}`;
    case 'length':
      return `# Prints the message after its length.
send_message() {
    local length at header=
    length=$(($(wc -c <"$message") + COUNTED))
    for ((at = LENGTH_AT; at < HEADER; at += 1)); do
        header${framing.endian === 'be' ? `=$(printf '\\\\%03o' $((length & 255)))$header` : `+=$(printf '\\\\%03o' $((length & 255)))`}
        length=$((length >> 8))
    done
    [ "$length" -eq 0 ] || { echo "the length does not fit into its field" >&2; exit 1; }
    head -c "$LENGTH_AT" /dev/zero
    printf "$header"
    cat "$message"
}`;
    case 'netstring':
      return `# Prints the message as a netstring: its length, a colon, the message, a comma.
send_message() {
    printf '%d:' "$(wc -c <"$message")"
    cat "$message"
    printf ,
}`;
    case 'escaped':
    case 'cobs':
      return '';
  }
}

/** Returns the function that reads the next message into the file; it fails when the peer has closed the connection. */
function receiveFunction({ framing }: Program): string {
  const partial = '{ echo "the connection ended within a message" >&2; exit 1; }';
  switch (framing.kind) {
    case 'raw':
      return `# Reads the bytes that are there. Fails when the peer has closed the connection.
receive_message() {
    dd bs=65536 count=1 of="$message" 2>/dev/null
    [ -s "$message" ]
}`;
    case 'delimiter': {
      const last = framing.delimiter.at(-1) as number;
      return `# Reads the next message. Fails when the peer has closed the connection. Zero bytes are not kept.
receive_message() {
    local text= part
    while IFS= read -r -d ${last === 0 ? "''" : `$'${octal(last)}'`} part; do
        text+=$part${last === 0 ? '' : `$'${octal(last)}'`}
        [ "\${#text}" -le $((MAX_MESSAGE + \${#DELIMITER})) ] || { echo "the message is too long" >&2; exit 1; }
        [ "\${text%"$DELIMITER"}" != "$text" ] || continue
        printf '%s' "${framing.keep ? '$text' : `\${text%"$DELIMITER"}`}" >"$message"
        return 0
    done
    [ -z "$text$part" ] || ${partial}
    return 1
}`;
    }
    case 'fixed':
      return `# Reads the next message. Fails when the peer has closed the connection.
receive_message() {
    head -c "$SIZE" >"$message"
    [ -s "$message" ] || return 1
    [ "$(wc -c <"$message")" -eq "$SIZE" ] || ${partial}
}`;
    case 'length':
      return `# Reads the next message. Fails when the peer has closed the connection.
receive_message() {
    local length=0 byte
    head -c "$HEADER" >"$message.header"
    [ -s "$message.header" ] || return 1
    [ "$(wc -c <"$message.header")" -eq "$HEADER" ] || ${partial}
    for byte in $(tail -c +$((LENGTH_AT + 1)) "$message.header" | od -An -v -w1 -tu1${framing.endian === 'be' ? '' : ' | tac'}); do
        length=$((length << 8 | byte))
    done
    length=$((length - COUNTED))
    if [ "$length" -lt 0 ] || [ "$length" -gt "$MAX_MESSAGE" ]; then
        echo "the length of the message is not valid" >&2
        exit 1
    fi
    head -c "$length" >"$message"
    [ "$(wc -c <"$message")" -eq "$length" ] || ${partial}
}`;
    case 'netstring':
      return `# Reads the next message. Fails when the peer has closed the connection.
receive_message() {
    local length= comma
    if ! IFS= read -r -d : -n 11 length; then
        [ -z "$length" ] || ${partial}
        return 1
    fi
    case $length in
    '' | *[!0-9]* | ???????????) echo "the length of the message is not valid" >&2; exit 1 ;;
    esac
    length=$((10#$length))
    [ "$length" -le "$MAX_MESSAGE" ] || { echo "the message is too long" >&2; exit 1; }
    head -c "$length" >"$message"
    [ "$(wc -c <"$message")" -eq "$length" ] || ${partial}
    IFS= read -r -d '' -n 1 comma
    [ "$comma" = , ] || { echo "the comma after the message is missing" >&2; exit 1; }
}`;
    case 'escaped':
    case 'cobs':
      return '';
  }
}

function tlsOptions({ tls, side }: Program): string {
  if (!tls) return '';
  const own = tls.certificate === '' ? '' : ` --ssl-cert ${stringOf(tls.certificate)} --ssl-key ${stringOf(tls.key)}`;
  const ca = tls.ca === '' ? '' : ` --ssl-trustfile ${stringOf(tls.ca)}`;
  return ` --ssl${side === 'client' && tls.verify ? ` --ssl-verify${ca}` : ''}${own}`;
}

function addressOf({ transport }: Program): string {
  return { tcp: '"$HOST" "$PORT"', tls: '"$HOST" "$PORT"', udp: '-u "$HOST" "$PORT"', local: '-U "$SOCKET_PATH"' }[
    transport
  ];
}

function clientMain(program: Program): string {
  const { transport, framing, payload, tls } = program;
  const isRaw = framing.kind === 'raw';
  const without = 'Without one, the exit code is that of ncat.';
  const failed = '\n    exec 5>&-\n    wait "$server_pid" || exit\nfi';
  const off = tls && !tls.verify ? '# Verification is off: anyone can pretend to be the server.\n' : '';
  const send = payload === undefined ? '' : `\n${literal(payload)} >"$message"\nsend_message >&5\n`;
  const read =
    transport === 'udp'
      ? `# Print the datagram that the server sends. ${without}\nif receive_message <&4; then\n    cat "$message"\nelse${failed}`
      : isRaw
        ? `# Print what the server sends, until it closes the connection or sends nothing for some seconds. ${without}\ntee "$message" <&4\nif [ ! -s "$message" ]; then${failed}`
        : `# Print the reply. ${without}\nif receive_message <&4; then\n    cat "$message"\n    echo\nelse${failed}`;
  return `
${off}coproc SERVER { exec ncat -i "$REPLY_SECONDS"${tlsOptions(program)} ${addressOf(program)}; }
server_pid=$SERVER_PID
exec 4<&"\${SERVER[0]}" 5>&"\${SERVER[1]}"
${send}
${read}
exec 5>&-
kill "$server_pid" 2>/dev/null || true
`;
}

function serverMain(program: Program): string {
  const { framing, answer, transport } = program;
  const isRaw = framing.kind === 'raw';
  const reply = {
    echo: 'send_message',
    reply: `${answer.kind === 'reply' ? literal(answer.bytes) : ''} >"$message"\nsend_message`,
    silent: '',
  }[answer.kind];
  return `
# ncat runs this script again for each connection: its input and output lead to the socket. They are pipes of limited size:
# a client that sends a lot before it reads the replies can block the connection.
if [ "\${1-}" = serve ]; then
    while receive_message; do
        cat "$message" >&2${isRaw ? '' : '\n        echo >&2'}
${indent(reply, '        ')}
    done
    exit
fi

export SCRIPT=$0
${transport === 'local' ? 'rm -f "$SOCKET_PATH" # left by an earlier run\n' : ''}ncat -v --listen --keep-open --sh-exec 'exec bash "$SCRIPT" serve'${tlsOptions(program)} ${addressOf(program)}
`;
}

function write(program: Program): string {
  const { side, payload, answer } = program;
  const sends = side === 'client' ? payload !== undefined : answer.kind !== 'silent';
  const needsRead = side === 'server' || program.framing.kind !== 'raw' || program.transport === 'udp';
  return joinParts(
    `#!/usr/bin/env bash\n# ${side === 'server' ? 'Server' : 'Client'} side, with ncat. ${headComment(program, '# ')}\nset -u\nexport LC_ALL=C # text is bytes`,
    constants(program),
    sends && sendFunction(program.framing),
    needsRead && receiveFunction(program),
    side === 'server' ? serverMain(program) : clientMain(program),
  );
}

/** Returns true for an IP address: ncat does not find it in a certificate. */
function isLiteral(host: string): boolean {
  return host.includes(':') || /^[\d.]+$/.test(host);
}

/** Bash, with ncat for the socket. */
export const bash: Language = {
  label: 'bash with ncat',
  extension: 'sh',
  transports: ['tcp', 'tls', 'udp', 'local'],
  missing: '',
  // Their bytes include zeros, which a variable cannot contain, and their ends are not lines of text.
  lacks: ['escaped', 'cobs'],
  refuse({ side, transport, tls, host, framing }) {
    if (side === 'server' && transport === 'udp') return 'ncat serves one UDP peer only';
    if (framing.kind === 'delimiter' && framing.delimiter.includes(0)) return 'bash cannot read zero bytes';
    if (framing.kind === 'length' && framing.size === 8) return 'the numbers of bash have 63 bits';
    if (side === 'server' && tls && tls.clientCertificate !== 'none') return 'ncat does not verify client certificates';
    if (side === 'client' && tls?.verify && (tls.serverName !== host || isLiteral(host)))
      return 'ncat verifies the host of the address only, and only a name';
    return undefined;
  },
  literal,
  write,
};
