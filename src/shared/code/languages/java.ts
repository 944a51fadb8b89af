import {
  byteString,
  commonEscapes,
  hexDigits,
  isAscii,
  octal,
  readableText,
  type StringStyle,
  stringLiteral,
} from '../literals.ts';
import { framingComment, indent, joinParts, type Language, type Program, replySeconds } from '../program.ts';

// Octal escapes have exactly three digits. A compiler replaces \u escapes before it looks for the end of a literal, so that
// only characters beyond ASCII are spelled by them.
const byteStyle: StringStyle = { quote: '"', escapes: commonEscapes, spell: octal };
const textStyle: StringStyle = {
  ...byteStyle,
  ascii: true,
  spell(codePoint) {
    if (codePoint < 0x80) return octal(codePoint);
    const units = [...String.fromCodePoint(codePoint)].join('').split('');
    return units.map((unit) => `\\u${hexDigits(unit.charCodeAt(0), 4)}`).join('');
  },
};

function literal(bytes: Uint8Array): string {
  const text = isAscii(bytes) ? undefined : readableText(bytes);
  return text === undefined
    ? `${byteString(bytes, byteStyle)}.getBytes(StandardCharsets.ISO_8859_1)`
    : `${stringOf(text)}.getBytes(StandardCharsets.UTF_8)`;
}

const stringOf = (text: string) => stringLiteral(text, textStyle);

function constants({ transport, host, port, path, framing, payload, answer, maxMessage, side }: Program): string {
  const constant = (type: string, name: string, value: string | number, comment = '') =>
    `static final ${type} ${name} = ${value};${comment === '' ? '' : ` // ${comment}`}`;
  const lines =
    transport === 'local'
      ? [constant('String', 'PATH', stringOf(path))]
      : [constant('String', 'HOST', stringOf(host)), constant('int', 'PORT', port)];
  if (framing.kind === 'delimiter') lines.push(constant('byte[]', 'DELIMITER', literal(framing.delimiter)));
  if (framing.kind === 'fixed')
    lines.push(constant('int', 'SIZE', framing.size), constant('byte', 'PADDING', `(byte) ${framing.pad}`));
  if (framing.kind === 'length') {
    lines.push(constant('int', 'HEADER', framing.header, 'bytes before the message'));
    lines.push(constant('int', 'LENGTH_AT', framing.header - framing.size, 'offset of the length in the header'));
    lines.push(constant('long', 'COUNTED', framing.counted, 'the length minus the bytes of the message'));
  }
  if (framing.kind === 'delimiter' || framing.kind === 'length') lines.push(constant('int', 'MAX_MESSAGE', maxMessage));
  if (side === 'client') lines.push(constant('int', 'REPLY_MS', replySeconds * 1000, 'how long to wait for a reply'));
  if (side === 'client' && payload !== undefined) lines.push(constant('byte[]', 'PAYLOAD', literal(payload)));
  if (answer.kind === 'reply') lines.push(constant('byte[]', 'REPLY', literal(answer.bytes)));
  return lines.join('\n');
}

function framingMethods({ framing }: Program): string {
  switch (framing.kind) {
    case 'raw':
      return '';
    case 'delimiter':
      return `
static boolean endsWithDelimiter(byte[] bytes, int length) {
    int from = length - DELIMITER.length;
    return from >= 0 && Arrays.equals(bytes, from, length, DELIMITER, 0, DELIMITER.length);
}

/** Returns the message with its delimiter. */
static byte[] frame(byte[] message) {
    if (endsWithDelimiter(message, message.length)) return message;
    byte[] framed = Arrays.copyOf(message, message.length + DELIMITER.length);
    System.arraycopy(DELIMITER, 0, framed, message.length, DELIMITER.length);
    return framed;
}

/** Returns the next message, or null when the peer has closed the connection. */
static byte[] readMessage(InputStream input) throws IOException {
    byte[] message = new byte[1024];
    int length = 0;
    for (int next = input.read(); next >= 0; next = input.read()) {
        if (length == message.length) message = Arrays.copyOf(message, length * 2);
        message[length++] = (byte) next;
        if (endsWithDelimiter(message, length)) return Arrays.copyOf(message, length${framing.keep ? '' : ' - DELIMITER.length'});
        if (length > MAX_MESSAGE) throw new IOException("the message is too long");
    }
    if (length > 0) throw new EOFException("the connection ended within a message");
    return null;
}
`;
    case 'fixed':
      return `
/** Returns the message, padded to its size. */
static byte[] frame(byte[] message) throws IOException {
    if (message.length > SIZE) throw new IOException("the message is too long");
    byte[] framed = Arrays.copyOf(message, SIZE);
    Arrays.fill(framed, message.length, SIZE, PADDING);
    return framed;
}

/** Returns the next message, or null when the peer has closed the connection. */
static byte[] readMessage(InputStream input) throws IOException {
    byte[] message = input.readNBytes(SIZE);
    if (message.length == 0) return null;
    if (message.length < SIZE) throw new EOFException("the connection ended within a message");
    return message;
}
`;
    case 'length':
      return `
/** Returns the message after its length. */
static byte[] frame(byte[] message) throws IOException {
    byte[] framed = new byte[HEADER + message.length];
    long length = message.length + COUNTED;
    for (int at = 0; at < HEADER - LENGTH_AT; at++) {
        framed[${framing.endian === 'be' ? 'HEADER - 1 - at' : 'LENGTH_AT + at'}] = (byte) length;
        length >>>= 8;
    }
    if (length != 0) throw new IOException("the length does not fit into its field");
    System.arraycopy(message, 0, framed, HEADER, message.length);
    return framed;
}

/** Returns the next message, or null when the peer has closed the connection. */
static byte[] readMessage(InputStream input) throws IOException {
    byte[] header = input.readNBytes(HEADER); // reads until it has all of them
    if (header.length == 0) return null;
    if (header.length < HEADER) throw new EOFException("the connection ended within a message");
    long length = 0;
    for (int at = 0; at < HEADER - LENGTH_AT; at++) {
        length = length << 8 | header[${framing.endian === 'be' ? 'LENGTH_AT + at' : 'HEADER - 1 - at'}] & 0xff;
    }
    long size = length - COUNTED;
    if (length < 0 || size < 0 || size > MAX_MESSAGE) throw new IOException("the length of the message is not valid");
    byte[] message = input.readNBytes((int) size);
    if (message.length < size) throw new EOFException("the connection ended within a message");
    return message;
}
`;
  }
}

function tlsMethod({ tls, side }: Program): string {
  if (!tls) return '';
  const keys =
    tls.certificate === ''
      ? 'KeyManager[] keys = null;'
      : `KeyStore own = KeyStore.getInstance("PKCS12");
own.load(null, null);
own.setKeyEntry("own", readKey(${stringOf(tls.key)}), new char[0], readCertificates(${stringOf(tls.certificate)}));
KeyManagerFactory ownKeys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
ownKeys.init(own, new char[0]);
KeyManager[] keys = ownKeys.getKeyManagers();`;
  const trust =
    side === 'client' && !tls.verify
      ? `// Verification is off: anyone can pretend to be the server.
TrustManager[] trusted = {new X509ExtendedTrustManager() {
    public void checkClientTrusted(X509Certificate[] chain, String type) {}
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}
    public void checkServerTrusted(X509Certificate[] chain, String type) {}
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}};`
      : tls.ca === ''
        ? 'TrustManager[] trusted = null; // the CAs of the Java installation'
        : `KeyStore authorities = KeyStore.getInstance("PKCS12");
authorities.load(null, null);
for (Certificate authority : readCertificates(${stringOf(tls.ca)})) {
    authorities.setCertificateEntry("ca" + authorities.size(), authority);
}
TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
trust.init(authorities);
TrustManager[] trusted = trust.getTrustManagers();`;
  const key =
    tls.certificate === ''
      ? ''
      : `
/** Reads a private key in PKCS#8 (PEM). */
static PrivateKey readKey(String path) throws Exception {
    String text = Files.readString(Path.of(path)).replaceAll("-----[^-]*-----|\\\\s", "");
    PKCS8EncodedKeySpec key = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text));
    try {
        return KeyFactory.getInstance("EC").generatePrivate(key);
    } catch (InvalidKeySpecException notEc) {
        return KeyFactory.getInstance("RSA").generatePrivate(key);
    }
}
`;
  const certificates =
    tls.certificate === '' && (tls.ca === '' || !tls.verify)
      ? ''
      : `
static Certificate[] readCertificates(String path) throws Exception {
    try (InputStream file = new FileInputStream(path)) {
        return CertificateFactory.getInstance("X.509").generateCertificates(file).toArray(new Certificate[0]);
    }
}
`;
  return `
/** Returns the certificates, the key and the CAs of TLS. */
static SSLContext tls() throws Exception {
${indent(keys, '    ')}
${indent(trust, '    ')}
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, trusted, null);
    return context;
}
${key}${certificates}`;
}

function connectLines({ transport, tls }: Program): string {
  if (transport === 'local') {
    return `SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(PATH));
InputStream input = Channels.newInputStream(socket);
OutputStream output = Channels.newOutputStream(socket);`;
  }
  const handshake = tls
    ? `SSLSocket socket = (SSLSocket) tls().getSocketFactory().createSocket(plain, ${stringOf(tls.serverName)}, PORT, true);
socket.setEnabledProtocols(new String[] {"TLSv1.2", "TLSv1.3"});
${tls.verify ? 'SSLParameters parameters = socket.getSSLParameters();\nparameters.setEndpointIdentificationAlgorithm("HTTPS"); // verifies the name\nsocket.setSSLParameters(parameters);\n' : ''}socket.startHandshake();
`
    : '';
  return `Socket ${tls ? 'plain' : 'socket'} = new Socket(HOST, PORT);
${handshake}socket.setSoTimeout(REPLY_MS);
InputStream input = new BufferedInputStream(socket.getInputStream());
OutputStream output = socket.getOutputStream();`;
}

function clientMain(program: Program): string {
  const { transport, framing, payload } = program;
  const isRaw = framing.kind === 'raw';
  const send =
    payload === undefined
      ? ''
      : `\n// write() sends all bytes, in as many calls of send() as it takes.\noutput.write(${isRaw ? 'PAYLOAD' : 'frame(PAYLOAD)'});\noutput.flush();\n`;
  const read = isRaw
    ? `    // Print what the server sends, until it closes the connection or sends nothing for some seconds.
    byte[] data = new byte[65536];
    for (int count = input.read(data); count >= 0; count = input.read(data)) {
        System.out.write(data, 0, count);
        System.out.flush();
    }`
    : `    // Print the reply.
    byte[] message = readMessage(input);
    if (message != null) {
        System.out.write(message);
        System.out.write('\\n');
        System.out.flush();
    }`;
  const body =
    transport === 'udp'
      ? `DatagramSocket socket = new DatagramSocket();
socket.connect(InetAddress.getByName(HOST), PORT);
socket.setSoTimeout(REPLY_MS);
${payload === undefined ? '' : 'socket.send(new DatagramPacket(PAYLOAD, PAYLOAD.length));\n'}try {
    DatagramPacket data = new DatagramPacket(new byte[65535], 65535);
    socket.receive(data);
    System.out.write(data.getData(), 0, data.getLength());
    System.out.flush();`
      : `${connectLines(program)}
${send}
try {
${read}`;
  return `
public static void main(String[] args) throws Exception {
${indent(body, '    ')}
    } catch (SocketTimeoutException timeout) {
        System.err.println("no more data was received in time");
    }
    socket.close();
}
`;
}

function serveMethod({ framing, answer }: Program): string {
  const isRaw = framing.kind === 'raw';
  const sent = {
    echo: isRaw ? 'data, 0, count' : 'frame(message)',
    reply: isRaw ? 'REPLY' : 'frame(REPLY)',
    silent: '',
  }[answer.kind];
  const reply = sent === '' ? '' : `        output.write(${sent});\n        output.flush();\n`;
  const loop = isRaw
    ? `    byte[] data = new byte[65536];
    for (int count = input.read(data); count >= 0; count = input.read(data)) {
        System.out.write(data, 0, count);
        System.out.flush();
${reply}    }`
    : `    for (byte[] message = readMessage(input); message != null; message = readMessage(input)) {
        System.out.write(message);
        System.out.write('\\n');
        System.out.flush();
${reply}    }`;
  return `
/** Receives messages until the client closes the connection. */
static void serve(InputStream input, OutputStream output) throws IOException {
${loop}
}
`;
}

function streamServer(program: Program): string {
  const { transport, tls, backlog } = program;
  const isLocal = transport === 'local';
  const open = isLocal
    ? `Files.deleteIfExists(Path.of(PATH)); // left by an earlier run
ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
server.bind(UnixDomainSocketAddress.of(PATH), ${backlog});
System.err.println("listening on " + PATH);`
    : `${
        tls
          ? `SSLServerSocket server = (SSLServerSocket) tls().getServerSocketFactory().createServerSocket(PORT, ${backlog}, InetAddress.getByName(HOST));
server.setEnabledProtocols(new String[] {"TLSv1.2", "TLSv1.3"});
${{ none: '', request: 'server.setWantClientAuth(true);\n', require: 'server.setNeedClientAuth(true);\n' }[tls.clientCertificate]}`
          : `ServerSocket server = new ServerSocket(PORT, ${backlog}, InetAddress.getByName(HOST));\n`
      }System.err.println("listening on " + server.getLocalPort());`;
  const streams = isLocal
    ? 'serve(new BufferedInputStream(Channels.newInputStream(client)), Channels.newOutputStream(client));'
    : 'serve(new BufferedInputStream(client.getInputStream()), client.getOutputStream());';
  return `${serveMethod(program)}
public static void main(String[] args) throws Exception {
${indent(open, '    ')}
    while (true) {
        ${isLocal ? 'SocketChannel' : 'Socket'} accepted = server.accept();
        // Each connection is served by a thread.
        new Thread(() -> {
            try (var client = accepted) {
                ${streams}
            } catch (IOException error) {
                System.err.println("connection failed: " + error.getMessage());
            }
        }).start();
    }
}
`;
}

function udpServer({ answer }: Program): string {
  const sent = { echo: 'data.getData(), data.getLength()', reply: 'REPLY, REPLY.length', silent: '' }[answer.kind];
  return `
public static void main(String[] args) throws Exception {
    DatagramSocket socket = new DatagramSocket(PORT, InetAddress.getByName(HOST));
    System.err.println("bound to " + socket.getLocalPort());
    while (true) {
        DatagramPacket data = new DatagramPacket(new byte[65535], 65535);
        socket.receive(data);
        System.out.write(data.getData(), 0, data.getLength());
        System.out.flush();
${sent === '' ? '' : `        socket.send(new DatagramPacket(${sent}, data.getSocketAddress()));\n`}    }
}
`;
}

function importsOf({ transport, tls }: Program): string {
  const packages = ['java.io', 'java.net', 'java.nio.charset', 'java.util'];
  if (transport === 'local') packages.push('java.nio.channels', 'java.nio.file');
  if (tls) packages.push('java.nio.file', 'java.security', 'java.security.cert', 'java.security.spec', 'javax.net.ssl');
  const lines = packages.sort().map((name) => `import ${name}.*;`);
  // Two packages have a class of this name.
  if (tls) lines.push('import java.security.cert.Certificate;');
  return lines.join('\n');
}

function write(program: Program): string {
  const { side, transport } = program;
  const isUdp = transport === 'udp';
  const name = side === 'server' ? 'Server' : 'Client';
  const body = joinParts(
    constants(program),
    !isUdp && framingMethods(program),
    tlsMethod(program),
    side === 'client' ? clientMain(program) : isUdp ? udpServer(program) : streamServer(program),
  );
  return `// ${name} side. ${framingComment(program)} Run with: java ${name}.java\n${importsOf(program)}\n\npublic class ${name} {\n${indent(body, '    ')}}\n`;
}

/** Java 17, with its standard library. */
export const java: Language = {
  label: 'Java',
  extension: 'java',
  capital: true,
  transports: ['tcp', 'tls', 'udp', 'local'],
  missing: '',
  literal,
  write,
};
