import { describe, expect, test } from 'vitest';
import { Cli, jsonRecords, runCli } from '#support/cli.ts';
import { Peer } from '#support/peer.ts';
import { freePort, untilListening } from '#support/raw-server.ts';

describe('with framings', () => {
  test('of HTTP, send shows what curl’s kind of server answers, message by message', async () => {
    const port = await freePort();
    await using server = new Peer('python3', ['-m', 'http.server', '--bind', '127.0.0.1', String(port)]);
    await untilListening(port);
    const request = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const args = ['--framing', 'http', '--data', request, '--expect', '1', '--json'];
    const { code, stdout } = await runCli(['send', `127.0.0.1:${port}`, ...args]);
    expect(code).toBe(0);
    const [answer] = jsonRecords(stdout).filter(({ direction }) => direction === 'in');
    expect(answer?.text).toMatch(/^HTTP\/1\.[01] 200 OK\r\n/);
    expect(answer?.text).toContain('</html>');
    void server;
  });

  test('that listen understands, curl gets its answer', async () => {
    const reply = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
    await using cli = new Cli(['listen', '0', '--framing', 'http', '--reply', reply, '--count', '1']);
    await using curl = new Peer('curl', ['-s', '-d', 'x=1', `http://127.0.0.1:${await cli.port()}/path`]);
    expect(await curl.rest()).toEqual(['ok']);
    expect((await cli.end()).stdout).toContain('POST /path HTTP/1.1');
  });

  test.each([
    'line:crlf',
    'delim:0d0a',
    'fixed:16',
    'len:4be',
    'len:2le:incl',
    'stx',
    'slip',
    'cobs',
    'json',
    'xml',
    'gap:50',
  ])('%s: what send sends, listen takes as one message and answers as one', async (framing) => {
    const body = framing === 'json' ? '{"a":[1]}' : framing === 'xml' ? '<a><b/></a>' : 'sixteen bytes...';
    await using cli = new Cli(['listen', '0', '--framing', framing, '--echo', '--count', '1']);
    const args = ['--framing', framing, '--data', body, '--expect', '1'];
    const { code, stdout } = await runCli(['send', `127.0.0.1:${await cli.port()}`, ...args]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${body}\n` });
    const shown = (await cli.end()).stdout;
    expect(shown).toContain(`→ in   ${body.length} B  ${body}\n`);
    expect(shown).toContain(`← out  ${body.length} B  ${body}\n`);
  });
});
