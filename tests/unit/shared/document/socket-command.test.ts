import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import { parsePackets } from '#shared/document/packet-sender.ts';
import { splitShellLine } from '#shared/document/shell-words.ts';
import { parseSocketCommand } from '#shared/document/socket-command.ts';
import { formatFraming } from '#shared/framing/spec.ts';
import { anyText } from '#support/template-scope.ts';

/** Returns what a command line becomes, as one line. */
function read(line: string): string {
  const parsed = parseSocketCommand(line);
  if (!parsed.ok) return parsed.error.system;
  const { bytes, endpoint } = parsed.value;
  if (!endpoint) return 'no endpoint';
  const { role, transport, host, port, path, framing } = endpoint;
  const address = transport === 'local' ? path : `${host}:${port}`;
  const text = bytes ? ` ${JSON.stringify(decodeUtf8Lossy(bytes))}` : '';
  return `${role} ${transport} ${address} ${formatFraming(framing)}${text}`;
}

describe('parseSocketCommand', () => {
  test.each([
    ['nc 10.0.0.4 5000', 'client tcp 10.0.0.4:5000 raw'],
    ['$ nc -w 3 -uv 10.0.0.4 5000', 'client udp 10.0.0.4:5000 raw'],
    ['nc -lk 5000', 'server tcp 127.0.0.1:5000 raw'],
    ['nc -l -p 5000', 'server tcp 127.0.0.1:5000 raw'],
    ['nc -l 0.0.0.0 5000', 'server tcp 0.0.0.0:5000 raw'],
    ['nc -U /run/app.sock', 'client local /run/app.sock raw'],
    ['ncat --ssl -C example.org 443', 'client tls example.org:443 line:crlf'],
    ['echo hello | nc 127.0.0.1 1', 'client tcp 127.0.0.1:1 raw "hello\\n"'],
    ["echo -ne '\\x02a\\n' | nc 127.0.0.1 1", 'client tcp 127.0.0.1:1 raw "\\u0002a\\n"'],
    ['printf "GET /\\\\r\\\\n" | /usr/bin/ncat h 80', 'client tcp h:80 raw "GET /\\r\\n"'],
    ["nc h 1 <<< 'a  b'", 'client tcp h:1 raw "a  b\\n"'],
    ["echo -n $'a\\tb' | nc h 1", 'client tcp h:1 raw "a\\tb"'],
    ['socat - TCP4:10.0.0.4:5000,crnl', 'client tcp 10.0.0.4:5000 line:crlf'],
    ['socat STDIO UDP-SENDTO:[::1]:5000', 'client udp ::1:5000 raw'],
    ['socat -v TCP-LISTEN:5000,fork,bind=0.0.0.0 -', 'server tcp 0.0.0.0:5000 raw'],
    ['socat - OPENSSL:h:443,verify=0', 'client tls h:443 raw'],
    ['socat - UNIX-CONNECT:/tmp/s', 'client local /tmp/s raw'],
  ])('reads %s', (line, expected) => {
    expect(read(line)).toBe(expected);
  });

  test.each([
    ['nc h', 'its last program is not nc, ncat or socat with an address'],
    ['nc h 70000', 'its last program is not nc, ncat or socat with an address'],
    ['cat file | nc h 1', 'its input is not written by echo or printf'],
    ['printf "%s" x | nc h 1', 'its input is not written by echo or printf'],
    ['echo $HOME | nc h 1', 'a quote is not closed, or it needs a shell'],
    ['echo `id` | nc h 1', 'a quote is not closed, or it needs a shell'],
    ['echo "a | nc h 1', 'a quote is not closed, or it needs a shell'],
    ['nc h 1 > out', 'a quote is not closed, or it needs a shell'],
    ['nc h 1 && rm x', 'a quote is not closed, or it needs a shell'],
    ['echo a | tr a b | nc h 1', 'more than one program writes its input'],
  ])('refuses %s', (line, reason) => {
    expect(read(line)).toBe(reason);
  });

  test('never throws', () => {
    fc.assert(
      fc.property(anyText, anyText, (first, second) => {
        parseSocketCommand(`echo ${first} | nc ${second}`);
        parsePackets(`[a]\nhexString=${first}\n${second}`);
      }),
    );
  });

  test('splits a word that is quoted in single quotes as it is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const inside = text.replaceAll("'", '');
        expect(splitShellLine(`echo '${inside}'`)?.[0]?.words[1]).toBe(inside);
      }),
    );
  });
});

describe('parsePackets', () => {
  const packet = { name: 'Ping', hexstring: '50 69 6E 67', toip: '10.0.0.4', port: '5000', tcporudp: 'UDP' };

  test('reads the JSON export of Packet Sender', () => {
    const read = parsePackets(JSON.stringify([packet, { ...packet, name: 'Web', tcporudp: 'HTTP GET' }]));
    expect(read?.problems).toEqual([]);
    expect(read?.entries.map(({ name, endpoint }) => [name, endpoint?.transport, endpoint?.port])).toEqual([
      ['Ping', 'udp', 5_000],
      ['Web', undefined, undefined],
    ]);
    expect(decodeUtf8Lossy(read?.entries[0]?.bytes ?? new Uint8Array())).toBe('Ping');
  });

  test('reads packets.ini with its quotes and escapes', () => {
    const text = [
      '[PacketNames]',
      '1\\name=Gr\\xfc\\xdf',
      'size=1',
      '',
      '[Gr%FC%DF]',
      'name="Gr\\xfc\\xdf, all"',
      'hexString=01 02',
      'toIP=h',
      'port=1',
      'tcpOrUdp=SSL',
    ];
    const read = parsePackets(text.join('\r\n'));
    expect(read?.entries.map(({ name, endpoint }) => [name, endpoint?.transport])).toEqual([['Grüß, all', 'tls']]);
  });

  test('says which packet cannot be read, and reads the others', () => {
    const read = parsePackets(JSON.stringify([{ ...packet, hexstring: '0g' }, packet]));
    expect(read?.problems).toEqual(['packet “Ping”: character 2 of its bytes: “g” is not a hex digit']);
    expect(read?.entries).toHaveLength(1);
  });

  test.each(['', '[]', '[1]', '{"hexstring":"00"}', '[section]\nkey=value', '[{"name":"x"}]'])(
    'takes %j for another file',
    (text) => {
      expect(parsePackets(text)).toBeUndefined();
    },
  );
});
