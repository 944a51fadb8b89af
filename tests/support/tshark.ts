import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const checks = ['ip.check_checksum:TRUE', 'tcp.check_checksum:TRUE', 'udp.check_checksum:TRUE'];

/** What tshark prints of `path`. Fails where it says anything but that it runs as root. */
export async function tshark(path: string, ...args: string[]): Promise<string> {
  const options = checks.flatMap((check) => ['-o', check]);
  const { stdout, stderr } = await promisify(execFile)('tshark', ['-n', '-r', path, ...options, ...args], {
    maxBuffer: 1_024 * 1_048_576,
  });
  const said = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('Running as user'));
  if (said.length > 0) throw new Error(`tshark said: ${said.join('\n')}`);
  return stdout;
}

/** The `fields` of each packet that `filter` lets through. A field with several values has them joined by U+001E. */
export async function packets(path: string, filter: string, ...fields: string[]): Promise<string[][]> {
  const args = fields.flatMap((field) => ['-e', field]);
  const text = await tshark(
    path,
    '-Y',
    filter,
    '-T',
    'fields',
    '-E',
    'separator=/t',
    '-E',
    'aggregator=\u001e',
    ...args,
  );
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'));
}

/** The bytes that `tshark -z follow` finds in stream `stream`: of the side that sent first, and of the other one. */
export async function followed(path: string, stream: number, transport = 'tcp'): Promise<[Buffer, Buffer]> {
  const text = await tshark(path, '-q', '-z', `follow,${transport},raw,${stream}`);
  const sides: [Buffer[], Buffer[]] = [[], []];
  const lines = text.split('\n');
  for (const line of lines.slice(lines.findIndex((start) => start.startsWith('Node 1')) + 1)) {
    if (/^\t?[0-9a-f]+$/.test(line)) sides[line.startsWith('\t') ? 1 : 0].push(Buffer.from(line.trim(), 'hex'));
  }
  return [Buffer.concat(sides[0]), Buffer.concat(sides[1])];
}

/** The severity that Wireshark gives to the comments in a file: they are not a complaint. */
const commentSeverity = '1048576';

/**
 * Everything that tshark finds to say of the packets beyond what every connection has (handshake, end): damaged
 * packets, wrong checksums, gaps, packets sent again. Empty where all is well.
 */
export async function complaints(path: string): Promise<string[]> {
  const bad = 'ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0';
  const fields = ['frame.number', '_ws.expert.severity', '_ws.expert.message', 'ip.checksum.status'];
  const found = await packets(path, `_ws.malformed || _ws.expert || ${bad}`, ...fields);
  return found.flatMap(([frame = '', severities = '', messages = '']) => {
    const said = messages.split('\u001e');
    const uncommented = severities
      .split('\u001e')
      .flatMap((severity, at) => (severity === commentSeverity ? [] : [said[at]]));
    return uncommented.filter((message) => !ordinary.test(message ?? '')).map((message) => `${frame}: ${message}`);
  });
}

const ordinary = /^(Connection (establish|finish)|This frame (initiates|undergoes) the connection closing)/;
