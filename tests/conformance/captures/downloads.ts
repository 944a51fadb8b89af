import { execFile } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { assertNever } from '#shared/assert-never.ts';
import { captureKind } from '#shared/pcap/reading/capture-file.ts';
import { root } from '#support/build-setup.ts';
import type { CapturePackage } from './packages.ts';

/** A capture on this machine, under a name that is the same on another one. */
export interface CaptureFile {
  readonly name: string;
  readonly path: string;
}

const folder = join(root, 'tests/.artifacts/captures');
const run = promisify(execFile);

/** Gives the chosen captures of a package, or `all` of them; downloads it once. In words why there are none. */
export async function capturesOf(wanted: CapturePackage, all: boolean): Promise<readonly CaptureFile[] | string> {
  const target = join(folder, `${wanted.kind}-${wanted.name}`);
  if (!existsSync(target)) {
    const part = `${target}.part`;
    rmSync(part, { recursive: true, force: true });
    mkdirSync(part, { recursive: true });
    try {
      await unpack(wanted, part);
      renameSync(part, target);
    } catch (error) {
      rmSync(part, { recursive: true, force: true });
      return `the ${wanted.kind} package ${wanted.name} could not be downloaded: ${saidBy(error)}`;
    }
  }
  const paths = readdirSync(target, { recursive: true, encoding: 'utf8' }).sort();
  const selected = all
    ? paths.filter((path) => isCapture(join(target, path)))
    : wanted.captures.flatMap((end) => paths.filter((path) => `/${path}`.endsWith(`/${end}`)).slice(0, 1));
  return selected.map((path) => ({ name: `${wanted.name}: ${shortName(path, wanted)}`, path: join(target, path) }));
}

/** What the program said that failed: the first line of its error output that is an error. */
function saidBy(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  return /^E: .*$/m.exec(said)?.[0] ?? String(error).split('\n')[0] ?? '';
}

/** Without the folder that names the version of a source. */
function shortName(path: string, { kind }: CapturePackage): string {
  return path
    .split('/')
    .slice(kind === 'binary' ? 0 : 1)
    .join('/');
}

/** What decides is how the file begins, not what it is called; a compressed one has to be called a capture. */
export function isCapture(path: string): boolean {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
  const start = new Uint8Array(4);
  const file = openSync(path, 'r');
  readSync(file, start, 0, start.length, 0);
  closeSync(file);
  const isCompressed = start[0] === 0x1f && start[1] === 0x8b;
  return isCompressed ? /\.(pcap|pcapng|cap)\.gz$/.test(path) : captureKind(start) !== undefined;
}

async function unpack({ name, kind }: CapturePackage, into: string): Promise<void> {
  switch (kind) {
    case 'binary':
      return unpackBinary(name, into);
    case 'source':
      return unpackSource(name, into);
    case 'npm':
      return unpackNpm(name, into);
    default:
      return assertNever(kind);
  }
}

async function unpackBinary(name: string, into: string): Promise<void> {
  await run('apt-get', ['download', '-qq', name], { cwd: into });
  const [file = ''] = readdirSync(into);
  await run('dpkg', ['-x', join(into, file), into]);
  rmSync(join(into, file));
}

async function unpackNpm(name: string, into: string): Promise<void> {
  await run('npm', ['pack', '--silent', '--ignore-scripts', name], { cwd: into });
  const [file = ''] = readdirSync(into);
  await run('tar', ['xf', join(into, file), '-C', into]);
  rmSync(join(into, file));
}

/** With lists of its own: sources are rarely among those that a machine has. */
async function unpackSource(name: string, into: string): Promise<void> {
  const work = `${into}.apt`;
  rmSync(work, { recursive: true, force: true });
  const parts = join(work, 'parts');
  const lists = join(work, 'lists');
  mkdirSync(parts, { recursive: true });
  mkdirSync(join(lists, 'partial'), { recursive: true });
  try {
    writeSourceParts(parts);
    const settings = ['Dir::Etc::sourcelist=/dev/null', `Dir::Etc::sourceparts=${parts}`, `Dir::State::lists=${lists}`];
    const options = [...settings, `Dir::Cache=${work}`].flatMap((setting) => ['-o', setting]);
    await run('apt-get', [...options, 'update', '-qq'], { cwd: work });
    // A mirror may lack Debian's own part of a source: the archive with the captures is another file.
    const failed = await run('apt-get', [...options, 'source', '--download-only', '-qq', name], { cwd: work }).then(
      () => undefined,
      (error: unknown) => error,
    );
    const archive = readdirSync(work).find((file) => file.includes('.orig.tar.') && !file.endsWith('.asc'));
    if (archive === undefined) throw failed ?? new Error('it has no archive');
    await run('tar', ['xf', join(work, archive), '-C', into]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The machine's own package sources, as sources of source packages. */
function writeSourceParts(into: string): void {
  const etc = '/etc/apt';
  const parts = join(etc, 'sources.list.d');
  const names = existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : [];
  for (const path of [join(etc, 'sources.list'), ...names]) {
    if (!/\.(list|sources)$/.test(path) || !existsSync(path)) continue;
    const text = readFileSync(path, 'utf8');
    writeFileSync(join(into, basename(path)), text.replaceAll(/^(Types: )?deb(?=\s)/gm, '$1deb-src'));
  }
}
