import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import type { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { Cli, jsonRecords, runCli } from '#support/cli.ts';
import { startPeer } from '#support/peer.ts';
import { SessionFolder } from '#support/session.ts';

describe('wirebench listen, given what it cannot do', () => {
  test('says who holds a port in use and which is free, and that one works', async () => {
    await using first = new Cli(['listen', '0']);
    const port = await first.port();
    const { code, stdout, stderr } = await runCli(['listen', String(port)]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const [tried, system, hint] = stderr.trimEnd().split('\n');
    expect(tried).toBe(`Could not listen on 127.0.0.1:${port}.`);
    expect(system).toBe('  bind(): EADDRINUSE (address already in use).');
    expect(hint).toContain(`(process ${first.pid}) has port ${port} open`);
    const free = /use port (\d+), which is free/.exec(hint as string)?.[1] as string;
    await using second = new Cli(['listen', free]);
    expect(await second.port()).toBe(Number(free));
  });

  test('says why a name cannot be listened on', async () => {
    const { code, stderr } = await runCli(['listen', 'nonexistent.invalid:0']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Could not listen on nonexistent\.invalid:0\.\n {2}getaddrinfo\(\): E\w+ \(.*\)\.\n {2}\S.*\n$/,
    );
  });

  test.each([
    [['listen', '70000'], 'Invalid port 70000: it must be 0–65535.'],
    [['listen', '127.0.0.1:x'], 'Use PORT or HOST:PORT'],
    [['listen', '::1:5000'], 'Use PORT or HOST:PORT'],
    [['listen'], "missing required argument '[host:]port'"],
    [['listen', '0', '--framing', 'lines'], 'Use one of these framings: raw, line'],
    [['listen', '0', '--echo', '--reply', 'x'], "option '--echo' cannot be used with option '--reply <text>'"],
    [['listen', '0', '--count', '0'], 'The number of messages must be a whole number of at least 1.'],
    [['listen', '0', '--backlog', 'many'], 'Backlog must be 1–65535.'],
    [['listen', '0', '--nonsense'], "unknown option '--nonsense'"],
    [['lisen', '0'], "unknown command 'lisen'"],
  ])('refuses %j with code 2 and in words', async (args, words) => {
    const { code, stdout, stderr } = await runCli(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).toContain('(use --help for usage)');
  });

  test('tells of a reply file that cannot be read before it listens', async () => {
    const { code, stdout, stderr } = await runCli(['listen', '0', '--reply-file', '/nowhere/data.json']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      'Could not read the reply file /nowhere/data.json.\n  open(): ENOENT (no such file or folder).\n  Check the path.\n',
    );
  });

  test('does not overwrite a file with --record', async () => {
    await using folder = new SessionFolder();
    await writeFile(folder.file('precious.wirebench'), 'precious');
    const { code, stdout, stderr } = await runCli(['listen', '0', '--record', folder.file('precious.wirebench')]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('EEXIST');
    expect(stderr).toContain('is not overwritten');
    expect(await readFile(folder.file('precious.wirebench'), 'utf8')).toBe('precious');
  });
});

describe('wirebench listen, given what peers may send', () => {
  test.each([
    ['markup', Buffer.from('<script>alert(1)</script>'), '<script>alert(1)</script>'],
    ['NUL bytes', Buffer.from('a\0b'), 'a␀b'],
    ['a terminal’s escapes', Buffer.from('\x1b[2Jgone\r\n'), '␛[2Jgone␍␊'],
    ['invalid UTF-8', Buffer.from([0xff, 0xfe, 0x41]), 'hex: ff fe 41'],
  ])('shows %s as text or hex, never as it is, and goes on', async (_name, sent, shown) => {
    await using cli = new Cli(['listen', '0', '--output', 'text', '--reply', 'ok', '--count', '2']);
    const port = await cli.port();
    const socket = net.connect(port, '127.0.0.1');
    socket.end(sent);
    expect(await cli.lineWith('→ in')).toSatisfy((line: string) => {
      return line.endsWith(`  → in   ${sent.length} B  ${shown}`);
    });
    await using next = await startPeer('course_client.py', '127.0.0.1', String(port));
    expect(await next.line()).toBe('Response from server: ok');
    expect((await cli.end()).code).toBe(0);
  });

  test('gives bytes that are not UTF-8 as base64 in JSON, and NUL bytes as text', async () => {
    await using cli = new Cli(['listen', '0', '--framing', 'line', '--count', '3', '--json']);
    const socket = net.connect(await cli.port(), '127.0.0.1');
    socket.write(Buffer.concat([Buffer.from('a\0b\n'), Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from('<script>\n')]));
    const messages = jsonRecords((await cli.end()).stdout).filter(({ kind }) => kind === 'message');
    socket.destroy();
    expect(messages[0]).toMatchObject({ length: 3, wire: 4, text: 'a\0b' });
    expect(messages[1]).toMatchObject({ length: 2, base64: '//4=' });
    expect(messages[1]).not.toHaveProperty('text');
    expect(messages[2]).toMatchObject({ text: '<script>' });
  });

  test('a line of 100 MB without an end comes in pieces, says so, and does not fill the memory', async () => {
    const mebibyte = 1_048_576;
    await using folder = new SessionFolder();
    const record = folder.file('endless.wirebench');
    await using cli = new Cli(['listen', '0', '--framing', 'line', '--once', '--json', '--record', record], {
      unread: true,
    });
    // The output is larger than what was sent: it is read, and only the lines' beginnings are kept.
    const begins = new LineBegins(cli.stdout);
    const port = Number(/:(\d+)"/.exec(await begins.first)?.[1]);
    await using client = await startPeer('endless_line.py', '127.0.0.1', String(port), '100');
    expect(await client.line()).toBe(String(100 * mebibyte));
    const peak = await peakMemory(cli.pid);
    client.end();
    expect((await cli.end()).code).toBe(0);
    expect(peak).toBeLessThan(300 * mebibyte);
    const lengths = begins.lines.flatMap((line) => (line.includes('"message"') ? [lengthIn(line)] : []));
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(100 * mebibyte);
    expect(Math.max(...lengths)).toBe(16 * mebibyte);
    const limits = begins.lines.filter((line) => line.includes('"kind":"limited"'));
    expect(limits).toHaveLength(1);
    expect(limits[0]).toContain('maxMessage');
    const session = await folder.open('endless.wirebench');
    expect(session.bytes).toBe(100 * mebibyte);
  });

  test('a reader of the output that is slow slows the sender, not the memory', async () => {
    const total = 96 * 1_048_576;
    await using cli = new Cli(['listen', '0', '--once', '--json'], { unread: true });
    const [begin] = (await once(cli.stdout, 'data')) as [Buffer];
    cli.stdout.pause();
    const socket = net.connect(Number(/:(\d+)"/.exec(String(begin))?.[1]), '127.0.0.1');
    const block = Buffer.alloc(65_536, 'x');
    let accepted = 0;
    const stuck = () => socket.writableLength > 4 * 1_048_576;
    const pump = () => {
      while (accepted < total && !stuck()) {
        socket.write(block);
        accepted += block.length;
      }
      if (accepted >= total) socket.end();
    };
    socket.on('drain', pump);
    pump();
    // Nothing moves any more: the window has closed.
    let before = -1;
    await expect
      .poll(
        () => {
          const still = socket.bytesWritten - socket.writableLength === before;
          before = socket.bytesWritten - socket.writableLength;
          return still;
        },
        { interval: 500, timeout: 20_000 },
      )
      .toBe(true);
    expect(accepted).toBeLessThan(total);
    expect(await peakMemory(cli.pid)).toBeLessThan(200 * 1_048_576);

    const begins = new LineBegins(cli.stdout, String(begin));
    expect((await cli.end()).code).toBe(0);
    const received = begins.lines.flatMap((line) => (line.includes('"message"') ? [lengthIn(line)] : []));
    expect(received.reduce((sum, length) => sum + length, 0)).toBe(total);
  });

  test('a reader of the output that goes away ends it quietly', async () => {
    await using cli = new Cli(['listen', '0', '--output', 'text', '--echo'], { unread: true });
    const [begin] = (await once(cli.stdout, 'data')) as [Buffer];
    cli.stdout.destroy();
    const socket = net.connect(Number(/:(\d+)/.exec(String(begin))?.[1]), '127.0.0.1');
    socket.on('error', () => {});
    socket.write('anybody?');
    const { code, stderr } = await cli.end();
    socket.destroy();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

/** Reads lines that may be very long, and keeps the beginning of each. */
class LineBegins {
  readonly lines: string[] = [''];
  readonly first: Promise<string>;

  constructor(stream: Readable, begin = '') {
    this.#take(begin);
    this.first = new Promise((resolve) => {
      stream.on('data', (chunk: Buffer) => {
        this.#take(chunk.toString('latin1'));
        if (this.lines.length > 1) resolve(this.lines[0] as string);
      });
    });
    stream.resume();
  }

  #take(text: string): void {
    for (const [index, part] of text.split('\n').entries()) {
      if (index > 0) this.lines.push('');
      const last = this.lines.length - 1;
      const line = this.lines[last] as string;
      if (line.length < 600) this.lines[last] = line + part.slice(0, 600);
    }
  }
}

function lengthIn(line: string): number {
  return Number(/"length":(\d+)/.exec(line)?.[1]);
}

/** The most memory the process had resident so far. Bytes. */
async function peakMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1]) * 1_024;
}
