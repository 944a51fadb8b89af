import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ethernet, pcap, startAt, tcp } from '#support/captures.ts';
import { Cli, jsonRecords, runCli } from '#support/cli.ts';
import { SessionFolder } from '#support/session.ts';

const capture = fileURLToPath(new URL('../../fixtures/loopback.pcap', import.meta.url));

describe('wirebench log import', () => {
  test('makes a session of a capture, and says what came in', async () => {
    await using folder = new SessionFolder();
    const out = folder.file('run.wirebench');
    const { code, stdout, stderr } = await runCli(['log', 'import', capture, '-o', out]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^45 records \(28 messages on 5 sockets\), .* B, written to .*run\.wirebench\n$/);
    const shown = await runCli(['log', 'show', out, '--filter', 'socket == 3 && !(in || out)']);
    expect(shown.stdout).toContain('connecting to 127.0.0.1:41777');
    expect(shown.stdout).toMatch(/127\.0\.0\.1:\d+ reset the connection \(RST\)/);
    const stats = await runCli(['log', 'stats', out, '--json']);
    expect(JSON.parse(stats.stdout)).toMatchObject({ name: 'loopback', records: 45, sockets: 5 });
  });

  test('reads the standard input, and prints JSON', async () => {
    await using folder = new SessionFolder();
    const out = folder.file('piped.wirebench');
    const first = await runCli(['log', 'import', '-', '-o', out, '--json', '--name', 'piped'], await readFile(capture));
    expect(JSON.parse(first.stdout)).toMatchObject({ path: out, records: 45, messages: 28, sockets: 5, notice: '' });
    const lines = (await runCli(['log', 'export', out])).stdout;
    const again = folder.file('again.wirebench');
    expect((await runCli(['log', 'import', '-', '-o', again], lines)).code).toBe(0);
    const exported = jsonRecords((await runCli(['log', 'export', again])).stdout);
    expect(exported).toEqual(jsonRecords(lines));
  });

  test('tells what it could not take', async () => {
    await using folder = new SessionFolder();
    const bytes = await readFile(capture);
    await writeFile(folder.file('cut.pcap'), bytes.subarray(0, bytes.length - 10));
    const out = folder.file('cut.wirebench');
    const { code, stderr } = await runCli(['log', 'import', folder.file('cut.pcap'), '-o', out]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^The capture ends early: the packet at byte \d+ is truncated\./);
    const { stdout } = await runCli(['log', 'show', out, '--last', '1']);
    expect(stdout).toContain('The capture ends early');
  });

  test('counts one of a thing as one, and says that no packet is before the end of a capture', async () => {
    await using folder = new SessionFolder();
    const bytes = await readFile(capture);
    await writeFile(folder.file('cut.pcap'), bytes.subarray(0, 24 + 20));
    const args = ['log', 'import', folder.file('cut.pcap'), '-o', folder.file('cut.wirebench')];
    const { stderr } = await runCli(args);
    expect(stderr).toMatch(
      /is truncated\. No packets precede that place\. No messages were imported\.\n1 record \(0 messages on 0 sockets\), /,
    );
  });

  test('says in words what it cannot import, and leaves no file', async () => {
    await using folder = new SessionFolder();
    await writeFile(folder.file('notes.txt'), 'some notes of mine');
    const notes = await runCli(['log', 'import', folder.file('notes.txt'), '-o', folder.file('out.wirebench')]);
    expect(notes.code).toBe(1);
    expect(notes.stderr).toContain('imports: Capture (pcapng), Capture (pcap), JSON Lines');
    const none = await runCli(['log', 'import', folder.file('none.pcap'), '-o', folder.file('out.wirebench')]);
    expect([none.code, none.stderr.includes('open(): ENOENT')]).toEqual([1, true]);
    const over = await runCli(['log', 'import', capture, '-o', folder.file('notes.txt')]);
    expect([over.code, over.stderr.includes('It is not overwritten.')]).toEqual([1, true]);
    expect((await runCli(['log', 'import', capture])).code).toBe(2);
    expect(await readdir(folder.path)).toEqual(['notes.txt']);
    const shown = await runCli(['log', 'show', capture]);
    expect(shown.code).toBe(1);
    expect(shown.stderr).toContain('it is a pcap capture');
    expect(shown.stderr).toContain('wirebench log import');
  });

  test('ends on Ctrl+C without a file', async () => {
    await using folder = new SessionFolder();
    const out = folder.file('out.wirebench');
    await using cli = new Cli(['log', 'import', '-', '-o', out]);
    // The source never ends: there is always more to come.
    const [frame] = ethernet([tcp({ seq: 1, flags: 'PA', data: 'x'.repeat(1_000) })]);
    const packets = Array.from({ length: 2_000 }, () => ({ at: startAt, bytes: frame?.bytes as Buffer }));
    cli.stdin.write(pcap(packets));
    const more = pcap(packets).subarray(24);
    const feed = () => cli.stdin.write(more, () => setImmediate(feed));
    feed();
    await folderHas(folder, '.part');
    cli.kill('SIGINT');
    const { code, stderr } = await cli.end();
    expect(code).toBe(1);
    expect(stderr).toContain('was cancelled');
    expect(await readdir(folder.path)).toEqual([]);
  });
});

describe('a source that gives nothing', () => {
  test('does not keep Ctrl+C from ending the import, without a file', async () => {
    await using folder = new SessionFolder();
    await using cli = new Cli(['log', 'import', '-', '-o', folder.file('out.wirebench')]);
    // Read in blocks of a mebibyte: so much is taken in before the next wait.
    const [frame] = ethernet([tcp({ seq: 1, flags: 'PA', data: 'x'.repeat(1_000) })]);
    cli.stdin.write(pcap(Array.from({ length: 2_000 }, () => ({ at: startAt, bytes: frame?.bytes as Buffer }))));
    await folderHas(folder, '.part');
    cli.kill('SIGINT');
    const { code, stderr } = await cli.end();
    expect(code).toBe(1);
    expect(stderr).toContain('was cancelled');
    expect(await readdir(folder.path)).toEqual([]);
  });
});

/** Resolves when there is a file in the folder whose name ends so. */
async function folderHas(folder: SessionFolder, ending: string): Promise<void> {
  for (;;) if ((await readdir(folder.path)).some((name) => name.endsWith(ending))) return;
}
