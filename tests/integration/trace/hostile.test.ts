import { chmod, mkdir, readdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Cli } from '#support/cli.ts';
import { SessionFolder } from '#support/session.ts';
import { runTraced } from '#support/traced-run.ts';
import { TraceChannel } from '#trace/channel.ts';
import { SourceLines } from '#trace/source-lines.ts';

const folder = new SessionFolder();
afterAll(async () => await folder[Symbol.asyncDispose]());

const pair = `
import socket, os, sys
one, two = socket.socketpair()
`;

/** Runs Python code with the tracer. */
const runPython = (code: string, options?: Parameters<typeof runTraced>[1]) =>
  runTraced(['python3', '-c', code], options);

test('a program that calls faster than the calls are read is slowed down, and no call is dropped', async () => {
  const rounds = 60_000;
  const { calls, failures, end } = await runPython(`${pair}
for number in range(${rounds}):
    one.send(b"x" * 64)
    two.recv(64)
`);
  expect({ failures, code: end.code }).toEqual({ failures: [], code: 0 });
  // More than the file of the process holds: 240 000 records of 40 bytes and more in 4 MiB.
  expect(calls.filter(({ call }) => call === 'send')).toHaveLength(rounds);
  expect(calls.filter(({ call, end: ended }) => call === 'recv' && ended?.result === 64)).toHaveLength(rounds);
});

test('of a program that is killed in the middle, all calls until then are read', async () => {
  let waiting = 0;
  const { calls, failures, end } = await runPython(
    `${pair}
for number in range(1000):
    one.send(b"x")
    two.recv(1)
two.recv(7)
`,
    {
      onPoll: (channel, pid) => {
        for (const { pending } of channel.processes)
          for (const { start } of pending) if (start.amount === 7) waiting += 1;
        if (waiting > 0) process.kill(pid, 'SIGKILL');
      },
    },
  );
  expect(end.signal).toBe('SIGKILL');
  expect(failures).toEqual([]);
  expect(calls.filter(({ call }) => call === 'recv')).toHaveLength(1000);
});

test('a program that kills itself in the middle of its calls leaves whole records', async () => {
  const { calls, failures, end } = await runPython(`${pair}
for number in range(250):
    one.send(b"x")
    two.recv(1)
os.kill(os.getpid(), 9)
`);
  expect({ signal: end.signal, failures }).toEqual({ signal: 'SIGKILL', failures: [] });
  expect(calls.filter(({ call }) => call === 'send')).toHaveLength(250);
});

test.for([
  ['bytes that are not a record', 'at(64 + head, b"\\xff" * 64); at(40, struct.pack("Q", head + 64))'],
  [
    'a record of no call',
    'at(64 + head, struct.pack("Q", 1 | 99 << 8 | 40 << 32)); at(40, struct.pack("Q", head + 40))',
  ],
  ['a count before what was read', 'at(40, b"\\0" * 8)'],
  ['an absurd count', 'at(40, b"\\xff" * 8)'],
  ['a shorter file', 'at(40, struct.pack("Q", head + 64)); file.truncate(64 + head)'],
])('garbage in its file ends the trace of one process, and the trace of another continues: %s', async ([, damage]) => {
  const { calls, failures, end } = await runPython(`
import glob, os, subprocess, sys, time
code = """import socket, sys
one, two = socket.socketpair()
for number in range(100): one.send(b'fine')
sys.stdin.read()
one.send(b'after')"""
child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
import socket, struct
one, two = socket.socketpair()
time.sleep(0.2)
for name in glob.glob(os.environ["WIREBENCH_TRACE"] + "/%d-*.ring" % os.getpid()):
    with open(name, "r+b", buffering=0) as file:
        file.seek(40)
        head, = struct.unpack("Q", file.read(8))
        def at(place, data):
            file.seek(place)
            file.write(data)
        ${damage}
time.sleep(0.2)
child.stdin.close()
child.wait()
os._exit(0)
`);
  expect(end.code).toBe(0);
  expect(failures.map(({ code }) => code)).toEqual([expect.stringMatching(/bad-input|file/)]);
  expect(calls.filter(({ call, start }) => call === 'send' && start.amount === 4)).toHaveLength(100);
  expect(calls.filter(({ call, start }) => call === 'send' && start.amount === 5)).toHaveLength(1);
});

test('files of other kinds in the folder of the channel are refused once, and not read', async () => {
  const channel = await TraceChannel.create();
  try {
    await mkdir(join(channel.folder, '1-1.ring'));
    await writeFile(join(channel.folder, '2-2.ring'), 'not a channel');
    await writeFile(join(channel.folder, '3-3.ring'), '');
    await writeFile(join(channel.folder, '4-4.ring'), 'WBTRACE1');
    await truncate(join(channel.folder, '4-4.ring'), 2 ** 40);
    const { batches, failures } = await channel.take();
    expect(batches).toEqual([]);
    expect(failures).toHaveLength(4);
    expect((await channel.take()).failures).toEqual([]);
  } finally {
    await channel.close();
  }
});

test('nobody else can enter the folder of the channel', async () => {
  const channel = await TraceChannel.create();
  try {
    expect((await stat(channel.folder)).mode & 0o777).toBe(0o700);
    if (process.getuid?.() === 0) {
      const script = `import os, sys
os.setuid(65534)
try:
    open(sys.argv[1] + "/1-1.ring", "wb")
except PermissionError:
    sys.exit(13)`;
      const { end } = await runTraced(['python3', '-I', '-c', script, channel.folder]);
      expect(end.code).toBe(13);
    }
    expect(await readdir(channel.folder)).toEqual([]);
  } finally {
    await channel.close();
  }
});

test('a source file of 100 MB is not read, and neither is a pipe', async () => {
  const large = folder.file('large.py');
  await writeFile(large, 'line 1\n');
  await truncate(large, 100_000_000);
  const sources = new SourceLines();
  expect(await sources.textOf({ file: large, line: 1 })).toBe('');
  expect(await sources.textOf({ file: '/dev/zero', line: 1 })).toBe('');
  expect(await sources.textOf({ file: folder.path, line: 1 })).toBe('');
});

test('a program whose path and arguments are not UTF-8 is traced', async () => {
  const made = await runPython(`
import os, subprocess, sys
name = os.fsencode(${JSON.stringify(folder.path)}) + b"/prog\\xff\\xe9.py"
with open(name, "w") as file:
    file.write("import socket\\none, two = socket.socketpair()\\none.send(b'hello')\\n")
sys.exit(subprocess.call([os.fsencode(sys.executable), name, b"arg\\xfe"]))
`);
  expect({ code: made.end.code, failures: made.failures }).toEqual({ code: 0, failures: [] });
  const send = made.calls.find(({ call }) => call === 'send');
  expect(send?.source?.line).toBe(3);
  expect(send?.source?.file).toContain('prog\ufffd\ufffd.py');
});

test('what a program puts into its calls does not control the terminal', async () => {
  const code = 'import socket\none, two = socket.socketpair()\none.send(b"\\x1b[2J\\x07")\ntwo.recv(9)';
  await using cli = new Cli(['trace', '--', 'python3', '-c', code]);
  const { code: exit, stderr } = await cli.end();
  expect(exit).toBe(0);
  expect(stderr).toContain('send(');
  expect(stderr).not.toMatch(/[\u001b\u0007]/);
});

test('when Wirebench is killed, the program continues without it', async () => {
  const script = folder.file('long.py');
  await writeFile(
    script,
    `${pair}
print("ready", flush=True)
sys.stdin.readline()
for number in range(60000):
    one.send(b"x" * 64)
    two.recv(64)
open(${JSON.stringify(folder.file('done'))}, "w").close()
`,
  );
  await chmod(script, 0o600);
  const cli = new Cli(['trace', '-o', '/dev/null', '--', 'python3', script]);
  await cli.lineWith('ready');
  process.kill(cli.pid, 'SIGKILL');
  cli.stdin.write('now\n');
  await expect.poll(async () => await readdir(folder.path)).toContain('done');
});
