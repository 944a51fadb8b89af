import { describe, expect, test } from 'vitest';
import { Cli, jsonRecords, runCli } from '#support/cli.ts';
import { startPeer } from '#support/peer.ts';
import { TestWorkspace } from '#support/workspace.ts';

const files = {
  'wirebench.yaml': 'version: 1\nname: Team\n',
  'payloads/hello.txt': 'hello',
  'payloads/order.json':
    '{"n": {{ counter }}, "item": "{{ item }}", "line": "{{ line }}", "last": "{{ last | json: "$.reply" }}"}',
  'payloads/order.json.meta.yaml': 'template: true\n',
  'payloads/status.hex': '01 02',
  'payloads/status.hex.meta.yaml': 'checksum: xor\nframing: raw\n',
  'environments/lab.yaml': 'variables:\n  line: A\n  item: none\n',
  'lists/orders.yaml': [
    'steps:',
    '  - payload: hello',
    '    expect: { filter: json.reply > 0 }',
    '  - payload: hello',
    '    enabled: false',
    '  - payload: order',
    '    count: 2',
    '    delayMs: 20',
    '    expect: {}',
    '',
  ].join('\n'),
  'lists/twice.yaml': 'loop: 2\nrows: lists/own.csv\nsteps:\n  - payload: order\n    expect: {}\n',
  'lists/own.csv': 'item;line\nnut;B\n',
  'lists/endless.yaml': 'loop: 0\nsteps:\n  - payload: hello\n    delayMs: 10\n',
  'lists/unanswered.yaml': 'steps:\n  - payload: hello\n    expect: { filter: json.reply == 99, timeoutMs: 50 }\n',
  'lists/bytes.yaml': 'steps:\n  - payload: status\n  - payload: hello\n',
  'lists/broken.yaml': 'steps:\n  - payload: missing\n',
};

/** Returns a workspace with an endpoint `boiler` at `port`. */
function workspaceFor(port: string | number): TestWorkspace {
  const boiler = `role: client\ntransport: tcp\nhost: 127.0.0.1\nport: ${port}\nframing: line\n`;
  return new TestWorkspace({ ...files, 'endpoints/boiler.yaml': boiler });
}

describe('wirebench send --list', () => {
  test('sends the enabled steps in order, and waits for the reply that each expects', async () => {
    await using server = await startPeer('numbered_replies.py');
    await using workspace = workspaceFor(await server.line());
    const args = ['send', 'boiler', '--workspace', workspace.folder, '--list', 'orders', '--env', 'lab'];
    const { code, stdout, stderr } = await runCli([...args, '--set', 'item=nail', '--expect', '3', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect([await server.line(), await server.line(), await server.line()]).toEqual([
      'hello',
      '{"n": 1, "item": "nail", "line": "A", "last": "1"}',
      '{"n": 2, "item": "nail", "line": "A", "last": "2"}',
    ]);
    const directions = jsonRecords(stdout).flatMap(({ direction }) => direction ?? []);
    expect(directions).toEqual(['out', 'in', 'out', 'in', 'out', 'in']);
  });

  test.each([
    ['rows.csv', 'item,line\nnail,"A,1"\nbolt,2\n'],
    ['rows.jsonl', '{"item": "nail", "line": "A,1"}\n{"item": "bolt", "line": 2}\n'],
  ])('runs the list once for each row of %s, at an address too', async (name, rows) => {
    await using server = await startPeer('numbered_replies.py');
    const port = await server.line();
    await using workspace = workspaceFor(9);
    workspace.put(name, rows);
    const { code } = await runCli([
      ...['send', `127.0.0.1:${port}`, '--framing', 'line', '--workspace', workspace.folder, '--list', 'orders.yaml'],
      ...['--rows', workspace.file(name), '--env', 'lab', '--wait', '0'],
    ]);
    expect(code).toBe(0);
    const received = [];
    for (let line = 0; line < 6; line += 1) received.push(await server.line());
    expect(received).toEqual([
      'hello',
      '{"n": 1, "item": "nail", "line": "A,1", "last": "1"}',
      '{"n": 2, "item": "nail", "line": "A,1", "last": "2"}',
      'hello',
      '{"n": 3, "item": "bolt", "line": "2", "last": "4"}',
      '{"n": 4, "item": "bolt", "line": "2", "last": "5"}',
    ]);
  });

  test('runs the list as often as it says, with its own rows', async () => {
    await using server = await startPeer('numbered_replies.py');
    await using workspace = workspaceFor(await server.line());
    const args = ['send', 'boiler', '--workspace', workspace.folder, '--list', 'twice', '--wait', '0'];
    workspace.put('payloads/order.json', '{"n": {{ counter }}, "item": "{{ item }}"}');
    expect(await runCli(args)).toMatchObject({ code: 0, stderr: '' });
    expect([await server.line(), await server.line()]).toEqual(['{"n": 1, "item": "nut"}', '{"n": 2, "item": "nut"}']);
  });

  test('sends the bytes, checksum and framing of each payload', async () => {
    await using server = await startPeer('exact_bytes.py');
    await using workspace = workspaceFor(await server.line());
    const args = ['send', 'boiler', '--workspace', workspace.folder, '--list', 'bytes', '--wait', '0'];
    expect((await runCli(args)).code).toBe(0);
    const expected = `010203${Buffer.from('hello\n').toString('hex')}`;
    let received = '';
    while (received.length < expected.length) received += await server.line();
    expect(received).toBe(expected);
  });

  test('ends with code 1 where a reply does not arrive, and says at which step', async () => {
    await using server = await startPeer('numbered_replies.py');
    await using workspace = workspaceFor(await server.line());
    const args = ['send', 'boiler', '--workspace', workspace.folder, '--list', 'unanswered'];
    const { code, stdout, stderr } = await runCli(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '{"reply": 1}\n' });
    expect(stderr).toMatch(/^The send list ended at step 1 \(hello\), after 1 message\.\n {2}no message that matches/);
  });

  test('runs an endless list until Ctrl+C, which is not a failure', async () => {
    await using server = await startPeer('numbered_replies.py');
    await using workspace = workspaceFor(await server.line());
    await using cli = new Cli(['send', 'boiler', '--workspace', workspace.folder, '--list', 'endless']);
    await cli.lineWith('"reply": 3');
    cli.kill('SIGINT');
    const { code, stderr } = await cli.end();
    expect(code).toBe(0);
    expect(stderr).toMatch(/^\d+ messages of the send list were sent\n$/);
  });

  test('ends a list with code 130 and the number of sent messages at Ctrl+C while it waits for a reply', async () => {
    await using server = await startPeer('numbered_replies.py');
    await using workspace = workspaceFor(await server.line());
    workspace.put('lists/unanswered.yaml', files['lists/unanswered.yaml'].replace('timeoutMs: 50', 'timeoutMs: 60000'));
    await using cli = new Cli(['send', 'boiler', '--workspace', workspace.folder, '--list', 'unanswered']);
    await cli.lineWith('"reply": 1');
    cli.kill('SIGINT');
    expect(await cli.end()).toMatchObject({ code: 130, stderr: '1 message of the send list was sent\n' });
  });

  test.each([
    [['--list', 'nope'], 1, 'There is no send list “nope”'],
    [['--list', 'broken'], 1, 'There is no payload “missing”'],
    [['--list', 'bytes', '--rows', 'none.csv'], 1, 'Could not read the rows none.csv'],
    [['--list', 'bytes', '--env', 'nope'], 1, 'There is no environment “nope”'],
    [['--list', 'bytes', '--data', 'x'], 2, "'--list <name>' cannot be used with option '--data <text>'"],
    [['--list', 'bytes', '--repeat', '2'], 2, "'--list <name>' cannot be used with option '--repeat <n>'"],
    [['--list', 'bytes', '-'], 2, '“-” cannot be used with --data, --file, --hex, --payload or --list'],
    [['--data', 'x', '--rows', 'a.csv'], 2, "option '--rows <file>' needs option '--list <name>'"],
  ])('refuses %j before it connects, with code %i', async (more, code, words) => {
    await using workspace = workspaceFor(9);
    const ended = await runCli(['send', 'boiler', ...more, '--workspace', workspace.folder]);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(words);
    expect(ended.stderr).not.toContain('ECONNREFUSED');
  });
});
