import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { printError, printLine, printUnexpected, recordingNotices } from '#hosts/terminal.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { fail } from '#shared/failure.ts';

const source = fileURLToPath(new URL('../../../src', import.meta.url));

/** Code that writes to a standard stream, or gets hold of one. To ask what a stream is, is no such thing. */
const writer =
  /\bconsole\b\s*[.[]|\bprocess\s*\.\s*(?:stdout|stderr)\b(?!\??\.isTTY\b)|\bstd(?:out|err)\b[^{}]*\}\s*=\s*process\b|\bstandardOutputFd\b|\bwriteSync\(\s*[12]\b|['"]\/dev\/(?:stdout|stderr|tty)|['"]node:(?:process|console)['"]|(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\(|\bgetBuiltinModule\s*\()\s*['"](?:process|console)['"]|\bWriteStream\b/;

/** The files that may: each of them lets nothing act on a terminal. The first one's child has a pipe to us as its output. The trace hands the error output to `Output`. */
const allowed = [
  'main/engine/drivers/accept-holder.ts',
  'main/hosts/cli/output.ts',
  'main/hosts/terminal.ts',
  'main/session/convert/export/standard-streams.ts',
  'main/session/convert/export/target-file.ts',
  // Text of generated programs, which Wirebench does not run.
  'shared/code/languages/node.ts',
];

function writers(): string[] {
  const files = readdirSync(source, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && /\.tsx?$/.test(entry.name),
  );
  return files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => writer.test(readFileSync(path, 'utf8')))
    .map((path) => relative(source, path).split('\\').join('/'))
    .filter(
      (path) => dirname(path).startsWith('main') || dirname(path).startsWith('preload') || path.startsWith('shared'),
    )
    .sort();
}

afterEach(() => vi.restoreAllMocks());

describe('the standard streams', () => {
  it('are written to by no file but those that let nothing act on a terminal', () => {
    expect(writers()).toEqual(allowed);
  });

  it.each([
    "process.stdout.write('x')",
    "process.stderr?.write('x')",
    'const { stdout } = process;',
    'console.log(name)',
    "console['error'](name)",
    "writeSync(1, 'x')",
    "openSync('/dev/stderr', 'w')",
    "import { stdout } from 'node:process';",
  ])('would be found in a new file: %s', (code) => {
    expect(writer.test(code)).toBe(true);
  });

  it('get nothing that acts from what hosts say', () => {
    const written: string[] = [];
    const keep = (piece: unknown) => {
      written.push(String(piece));
      return true;
    };
    vi.spyOn(process.stdout, 'write').mockImplementation(keep);
    vi.spyOn(process.stderr, 'write').mockImplementation(keep);
    const hostile = 'a\x1b]0;gone\x07\u009b2J\u202e\u{e0041}\u200b';
    printLine(hostile);
    printError(hostile);
    printUnexpected('GET /\x1b[2J failed', new Error(hostile));
    expect(written.join('')).toContain('a␛]0;gone␇⟨U+009B⟩2J⟨U+202E⟩⟨U+E0041⟩⟨U+200B⟩\n');
    expect(written.join('').replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

it('a failed recording is said once, with what can be done, and that it goes on', () => {
  const said: string[] = [];
  const notice = recordingNotices((text) => said.push(text));
  const { error } = fail('file', 'Could not record the session', {
    system: 'write(): ENOSPC',
    hint: 'Make room.',
  });
  const sessions = (state: 'recording' | 'failed', path = '/a') =>
    notice({
      kind: 'sessions',
      changed: [{ id: 's1', state, path, ...(state === 'failed' && { error }) }],
      removed: [],
    } as unknown as WorkbenchEvent);
  sessions('recording');
  sessions('failed');
  sessions('failed');
  expect(said).toEqual([
    expect.stringMatching(/^Could not record the session(.|\n)*ENOSPC(.|\n)*retry or record to a different file/),
  ]);
  sessions('recording', '/b');
  expect(said.slice(1)).toEqual(['Recording continues in “/b”.']);
  sessions('failed');
  expect(said).toHaveLength(3);
});
