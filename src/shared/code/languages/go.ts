import { byteString, commonEscapes, hexDigits, readableText, type StringStyle, stringLiteral } from '../literals.ts';
import { framingComment, joinParts, type Language, type Program, replySeconds } from '../program.ts';

const byteStyle: StringStyle = {
  quote: '"',
  escapes: commonEscapes,
  spell: (byte) => `\\x${hexDigits(byte, 2)}`,
};
const textStyle: StringStyle = {
  ...byteStyle,
  spell(codePoint) {
    if (codePoint < 0x80) return `\\x${hexDigits(codePoint, 2)}`;
    return codePoint < 0x1_0000 ? `\\u${hexDigits(codePoint, 4)}` : `\\U${hexDigits(codePoint, 8)}`;
  },
};

function literal(bytes: Uint8Array): string {
  const text = readableText(bytes);
  return `[]byte(${text === undefined ? byteString(bytes, byteStyle) : stringOf(text)})`;
}

function stringOf(text: string): string {
  return stringLiteral(text, textStyle);
}

function constants({ transport, host, port, path, framing, payload, answer, maxMessage, side }: Program): string {
  const lines = ['const ('];
  if (transport === 'local') lines.push(`\tpath = ${stringOf(path)}`);
  else lines.push(`\thost = ${stringOf(host)}`, `\tport = "${port}"`);
  if (framing.kind === 'fixed') lines.push(`\tsize = ${framing.size}`, `\tpadding = ${framing.pad}`);
  if (framing.kind === 'length') {
    lines.push(`\theaderSize = ${framing.header} // bytes before the message`);
    lines.push(`\tlengthAt = ${framing.header - framing.size} // offset of the length in the header`);
    lines.push(`\tcounted = ${framing.counted} // the length minus the bytes of the message`);
  }
  if (framing.kind === 'delimiter' || framing.kind === 'length') lines.push(`\tmaxMessage = ${maxMessage}`);
  if (side === 'client') lines.push(`\treplyTime = ${replySeconds} * time.Second // how long to wait for a reply`);
  lines.push(')');
  if (framing.kind === 'delimiter') lines.push('', `var delimiter = ${literal(framing.delimiter)}`);
  if (side === 'client' && payload !== undefined) lines.push('', `var payload = ${literal(payload)}`);
  if (answer.kind === 'reply') lines.push('', `var reply = ${literal(answer.bytes)}`);
  return lines.join('\n');
}

function frameFunction({ framing }: Program): string {
  switch (framing.kind) {
    case 'raw':
      return '';
    case 'delimiter':
      return `
// frame returns the message with its delimiter.
func frame(message []byte) []byte {
	if bytes.HasSuffix(message, delimiter) {
		return message
	}
	return append(append([]byte{}, message...), delimiter...)
}
`;
    case 'fixed':
      return `
// frame returns the message, padded to its size.
func frame(message []byte) []byte {
	if len(message) > size {
		log.Fatal("the message is too long")
	}
	return append(append([]byte{}, message...), bytes.Repeat([]byte{padding}, size-len(message))...)
}
`;
    case 'length':
      return `
// frame returns the message after its length.
func frame(message []byte) []byte {
	framed := make([]byte, headerSize+len(message))
	length := uint64(len(message) + counted)
	for at := 0; at < headerSize-lengthAt; at++ {
		framed[${framing.endian === 'be' ? 'headerSize-1-at' : 'lengthAt+at'}] = byte(length)
		length >>= 8
	}
	if length != 0 {
		log.Fatal("the length does not fit into its field")
	}
	copy(framed[headerSize:], message)
	return framed
}
`;
  }
}

function readFunction({ framing }: Program): string {
  switch (framing.kind) {
    case 'raw':
      return '';
    case 'delimiter':
      return `
// readMessage returns the next message, or io.EOF when the peer has closed the connection.
func readMessage(reader *bufio.Reader) ([]byte, error) {
	message := []byte{}
	for {
		part, err := reader.ReadSlice(delimiter[len(delimiter)-1])
		message = append(message, part...)
		if bytes.HasSuffix(message, delimiter) {
			return message${framing.keep ? '' : '[:len(message)-len(delimiter)]'}, nil
		}
		if err == io.EOF && len(message) > 0 {
			return nil, io.ErrUnexpectedEOF
		}
		if err != nil && err != bufio.ErrBufferFull {
			return nil, err
		}
		if len(message) > maxMessage {
			return nil, errors.New("the message is too long")
		}
	}
}
`;
    case 'fixed':
      return `
// readMessage returns the next message, or io.EOF when the peer has closed the connection.
func readMessage(reader *bufio.Reader) ([]byte, error) {
	message := make([]byte, size)
	_, err := io.ReadFull(reader, message)
	return message, err
}
`;
    case 'length':
      return `
// readMessage returns the next message, or io.EOF when the peer has closed the connection.
func readMessage(reader *bufio.Reader) ([]byte, error) {
	header := make([]byte, headerSize)
	if _, err := io.ReadFull(reader, header); err != nil {
		return nil, err
	}
	var length uint64
	for at := 0; at < headerSize-lengthAt; at++ {
		length = length<<8 | uint64(header[${framing.endian === 'be' ? 'lengthAt+at' : 'headerSize-1-at'}])
	}
	size := int64(length) - counted
	if length > 1<<62 || size < 0 || size > maxMessage {
		return nil, errors.New("the length of the message is not valid")
	}
	message := make([]byte, size)
	if _, err := io.ReadFull(reader, message); err == io.EOF {
		return nil, io.ErrUnexpectedEOF
	} else if err != nil {
		return nil, err
	}
	return message, nil
}
`;
  }
}

function tlsConfig({ tls, side }: Program): string {
  if (!tls) return '';
  const lines = ['\tconfig := &tls.Config{MinVersion: tls.VersionTLS12}'];
  if (side === 'client') {
    lines.push(`\tconfig.ServerName = ${stringOf(tls.serverName)}`);
    if (!tls.verify)
      lines.push('\tconfig.InsecureSkipVerify = true // Verification is off: anyone can pretend to be the server.');
  }
  if (tls.ca !== '') {
    lines.push(`\tauthorities, err := os.ReadFile(${stringOf(tls.ca)})\n\tcheck(err)`);
    const pool = side === 'client' ? 'RootCAs' : 'ClientCAs';
    lines.push(
      `\tconfig.${pool} = x509.NewCertPool()\n\tif !config.${pool}.AppendCertsFromPEM(authorities) {\n\t\tlog.Fatal("the CA file contains no certificate")\n\t}`,
    );
  }
  if (tls.certificate !== '') {
    lines.push(
      `\tcertificate, err := tls.LoadX509KeyPair(${stringOf(tls.certificate)}, ${stringOf(tls.key)})\n\tcheck(err)`,
    );
    lines.push('\tconfig.Certificates = []tls.Certificate{certificate}');
  }
  const auth = { none: '', request: 'VerifyClientCertIfGiven', require: 'RequireAndVerifyClientCert' }[
    tls.clientCertificate
  ];
  if (auth !== '') lines.push(`\tconfig.ClientAuth = tls.${auth}`);
  return `${lines.join('\n')}\n`;
}

const addressOf = ({ transport }: Program) => (transport === 'local' ? 'path' : 'net.JoinHostPort(host, port)');
const networkOf = ({ transport }: Program) => ({ tcp: 'tcp', tls: 'tcp', udp: 'udp', local: 'unix' })[transport];

function clientMain(program: Program): string {
  const { transport, framing, payload, tls } = program;
  const dial = tls
    ? `tls.Dial("tcp", ${addressOf(program)}, config)`
    : `net.Dial("${networkOf(program)}", ${addressOf(program)})`;
  const isRaw = framing.kind === 'raw';
  const send =
    payload === undefined
      ? ''
      : `
	// Write sends all bytes, in as many calls of send() as it takes.
	_, err = connection.Write(${isRaw ? 'payload' : 'frame(payload)'})
	check(err)
`;
  const read = isRaw
    ? `	// Print what the server sends, until it closes the connection or sends nothing for some seconds.
	data := make([]byte, 65536)
	for {
		check(connection.SetReadDeadline(time.Now().Add(replyTime)))
		count, err := connection.Read(data)
		os.Stdout.Write(data[:count])
		if err == io.EOF${transport === 'udp' ? ' || err == nil' : ''} {
			return
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			log.Print("no more data was received in time")
			return
		}
		check(err)
	}`
    : `	// Print the reply.
	check(connection.SetReadDeadline(time.Now().Add(replyTime)))
	message, err := readMessage(bufio.NewReader(connection))
	if err == io.EOF || errors.Is(err, os.ErrDeadlineExceeded) {
		log.Print("no reply was received")
		return
	}
	check(err)
	os.Stdout.Write(append(message, '\\n'))`;
  return `
func main() {
${tlsConfig(program)}	connection, err := ${dial}
	check(err)
	defer connection.Close()
${send}
${read}
}
`;
}

function streamServer(program: Program): string {
  const { transport, framing, answer, tls } = program;
  const isRaw = framing.kind === 'raw';
  const sent = { echo: isRaw ? 'data[:count]' : 'frame(message)', reply: isRaw ? 'reply' : 'frame(reply)', silent: '' }[
    answer.kind
  ];
  const write = (by: string) =>
    sent === ''
      ? ''
      : `${by}if _, err := connection.Write(${sent}); err != nil {\n${by}\tlog.Print(err)\n${by}\treturn\n${by}}\n`;
  const loop = isRaw
    ? `	data := make([]byte, 65536)
	for {
		count, err := connection.Read(data)
		if count > 0 {
			os.Stdout.Write(data[:count])
${write('\t\t\t')}		}`
    : `	reader := bufio.NewReader(connection)
	for {
		message, err := readMessage(reader)
		if err == nil {
			os.Stdout.Write(append(append([]byte{}, message...), '\\n'))
${write('\t\t\t')}		}`;
  const listen = tls
    ? `tls.Listen("tcp", ${addressOf(program)}, config)`
    : `net.Listen("${networkOf(program)}", ${addressOf(program)})`;
  const isLocal = transport === 'local';
  const where = isLocal ? 'path' : 'listener.Addr().(*net.TCPAddr).Port';
  return `
// serve receives messages until the client closes the connection.
func serve(connection net.Conn) {
	defer connection.Close()
${loop}
		if err == io.EOF {
			return
		}
		if err != nil {
			log.Print(err)
			return
		}
	}
}

func main() {
${tlsConfig(program)}${isLocal ? '\tos.Remove(path) // left by an earlier run\n' : ''}	listener, err := ${listen}
	check(err)
	log.Print("listening on ", ${where})
	for {
		connection, err := listener.Accept()
		check(err)
		go serve(connection)
	}
}
`;
}

function udpServer({ answer }: Program): string {
  const sent = { echo: 'data[:count]', reply: 'reply', silent: '' }[answer.kind];
  return `
func main() {
	socket, err := net.ListenPacket("udp", net.JoinHostPort(host, port))
	check(err)
	log.Print("bound to ", socket.LocalAddr().(*net.UDPAddr).Port)
	data := make([]byte, 65535)
	for {
		count, ${sent === '' ? '_' : 'peer'}, err := socket.ReadFrom(data)
		check(err)
		os.Stdout.Write(data[:count])
${sent === '' ? '' : `\t\t_, err = socket.WriteTo(${sent}, peer)\n\t\tcheck(err)\n`}	}
}
`;
}

const check = `
// check ends the program after an error.
func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
`;

/** The packages that a program can use, and what shows that it does. */
const packages: readonly (readonly [path: string, use: RegExp])[] = [
  ['bufio', /bufio\./],
  ['bytes', /bytes\./],
  ['crypto/tls', /tls\.[A-Z]/],
  ['crypto/x509', /x509\./],
  ['errors', /errors\./],
  ['io', /\bio\./],
  ['log', /log\./],
  ['net', /net\./],
  ['os', /os\./],
  ['time', /time\.S|time\.N/],
];

function write(program: Program): string {
  const { side, transport } = program;
  const isUdp = transport === 'udp';
  const code = [
    !isUdp && frameFunction(program),
    !isUdp && readFunction(program),
    check,
    side === 'client' ? clientMain(program) : isUdp ? udpServer(program) : streamServer(program),
  ];
  // Literals of the user's are not searched: they are constants.
  const text = `${code.filter(Boolean).join('')}${side === 'client' ? 'time.Second' : ''}`;
  const used = packages.filter(([, use]) => use.test(text.replace(/"(?:[^"\\]|\\.)*"/g, '""')));
  return joinParts(
    `// ${side === 'server' ? 'Server' : 'Client'} side. ${framingComment(program)}\npackage main`,
    `import (\n${used.map(([path]) => `\t"${path}"`).join('\n')}\n)`,
    constants(program),
    ...code,
  );
}

/** Go, with the packages of its standard library. */
export const go: Language = {
  label: 'Go',
  extension: 'go',
  transports: ['tcp', 'tls', 'udp', 'local'],
  missing: '',
  literal,
  write,
};
