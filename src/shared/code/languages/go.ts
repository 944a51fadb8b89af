import { headComment, joinParts, type Language, type Program } from '../program.ts';
import { goConstants, goFrame, goLiteral, goReadMessage, goString } from './go-framing.ts';

function tlsConfig({ tls, side }: Program): string {
  if (!tls) return '';
  const lines = ['\tconfig := &tls.Config{MinVersion: tls.VersionTLS12}'];
  if (side === 'client') {
    lines.push(`\tconfig.ServerName = ${goString(tls.serverName)}`);
    if (!tls.verify)
      lines.push('\tconfig.InsecureSkipVerify = true // Verification is off: anyone can pretend to be the server.');
  }
  if (tls.ca !== '') {
    lines.push(`\tauthorities, err := os.ReadFile(${goString(tls.ca)})\n\tcheck(err)`);
    const pool = side === 'client' ? 'RootCAs' : 'ClientCAs';
    lines.push(
      `\tconfig.${pool} = x509.NewCertPool()\n\tif !config.${pool}.AppendCertsFromPEM(authorities) {\n\t\tlog.Fatal("the CA file contains no certificate")\n\t}`,
    );
  }
  if (tls.certificate !== '') {
    lines.push(
      `\tcertificate, err := tls.LoadX509KeyPair(${goString(tls.certificate)}, ${goString(tls.key)})\n\tcheck(err)`,
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
  ['bytes', /bytes\.[A-Z]/],
  ['crypto/tls', /tls\.[A-Z]/],
  ['crypto/x509', /x509\./],
  ['errors', /errors\./],
  ['io', /\bio\./],
  ['log', /log\./],
  ['net', /net\./],
  ['os', /os\./],
  ['strconv', /strconv\./],
  ['time', /time\.S|time\.N/],
];

function write(program: Program): string {
  const { side, transport } = program;
  const isUdp = transport === 'udp';
  const code = [
    !isUdp && goFrame(program),
    !isUdp && goReadMessage(program),
    check,
    side === 'client' ? clientMain(program) : isUdp ? udpServer(program) : streamServer(program),
  ];
  // Literals of the user's are not searched: they are constants.
  const text = `${code.filter(Boolean).join('')}${side === 'client' ? 'time.Second' : ''}`;
  const used = packages.filter(([, use]) => use.test(text.replace(/"(?:[^"\\]|\\.)*"/g, '""')));
  return joinParts(
    `// ${side === 'server' ? 'Server' : 'Client'} side. ${headComment(program, '// ')}\npackage main`,
    `import (\n${used.map(([path]) => `\t"${path}"`).join('\n')}\n)`,
    goConstants(program),
    ...code,
  );
}

/** Go, with the packages of its standard library. */
export const go: Language = {
  label: 'Go',
  extension: 'go',
  transports: ['tcp', 'tls', 'udp', 'local'],
  missing: '',
  literal: goLiteral,
  write,
};
