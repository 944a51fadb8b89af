import { headComment, indent, joinParts, type Language, type Program } from '../program.ts';
import { javaConstants, javaFraming, javaLiteral, javaString } from './java-framing.ts';

function tlsMethod({ tls, side }: Program): string {
  if (!tls) return '';
  const keys =
    tls.certificate === ''
      ? 'KeyManager[] keys = null;'
      : `KeyStore own = KeyStore.getInstance("PKCS12");
own.load(null, null);
own.setKeyEntry("own", readKey(${javaString(tls.key)}), new char[0], readCertificates(${javaString(tls.certificate)}));
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
for (Certificate authority : readCertificates(${javaString(tls.ca)})) {
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
    ? `SSLSocket socket = (SSLSocket) tls().getSocketFactory().createSocket(plain, ${javaString(tls.serverName)}, PORT, true);
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
    javaConstants(program),
    !isUdp && javaFraming(program),
    tlsMethod(program),
    side === 'client' ? clientMain(program) : isUdp ? udpServer(program) : streamServer(program),
  );
  return `// ${name} side. ${headComment(program, '// ')} Run with: java ${name}.java\n${importsOf(program)}\n\npublic class ${name} {\n${indent(body, '    ')}}\n`;
}

/** Java 17, with its standard library. */
export const java: Language = {
  label: 'Java',
  extension: 'java',
  capital: true,
  transports: ['tcp', 'tls', 'udp', 'local'],
  missing: '',
  literal: javaLiteral,
  write,
};
