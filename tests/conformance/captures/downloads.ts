import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '#support/build-setup.ts';

/** A Debian package that carries captures: which of them are compared, by how their paths end. */
export interface CapturePackage {
  readonly name: string;
  /** `source`: they are in the package's source. */
  readonly kind: 'binary' | 'source';
  readonly captures: readonly string[];
}

const folder = join(root, 'tests/.artifacts/captures');
const run = promisify(execFile);

/** Where the files of a package are, downloaded at most once; in words why they are not. */
export async function filesOf(wanted: CapturePackage): Promise<readonly string[] | string> {
  const target = join(folder, wanted.name);
  if (!existsSync(target)) {
    const part = `${target}.part`;
    rmSync(part, { recursive: true, force: true });
    mkdirSync(part, { recursive: true });
    try {
      await (wanted.kind === 'binary' ? unpackBinary(wanted.name, part) : unpackSource(wanted.name, part));
      renameSync(part, target);
    } catch (error) {
      rmSync(part, { recursive: true, force: true });
      return `Debian's package ${wanted.name} could not be downloaded: ${String(error).split('\n')[0]}`;
    }
  }
  const all = readdirSync(target, { recursive: true, encoding: 'utf8' });
  return wanted.captures
    .flatMap((end) => all.filter((path) => `/${path}`.endsWith(`/${end}`)).slice(0, 1))
    .map((path) => join(target, path));
}

async function unpackBinary(name: string, into: string): Promise<void> {
  await run('apt-get', ['download', '-qq', name], { cwd: into });
  const [file = ''] = readdirSync(into);
  await run('dpkg', ['-x', join(into, file), join(into, 'files')]);
  rmSync(join(into, file));
}

/** With lists of its own: sources are rarely among those that a machine has. */
async function unpackSource(name: string, into: string): Promise<void> {
  const parts = join(into, 'parts');
  const lists = join(into, 'lists');
  mkdirSync(parts);
  mkdirSync(join(lists, 'partial'), { recursive: true });
  writeSourceParts(parts);
  const settings = ['Dir::Etc::sourcelist=/dev/null', `Dir::Etc::sourceparts=${parts}`, `Dir::State::lists=${lists}`];
  const options = [...settings, `Dir::Cache=${into}`].flatMap((setting) => ['-o', setting]);
  await run('apt-get', [...options, 'update', '-qq'], { cwd: into });
  await run('apt-get', [...options, 'source', '--download-only', '-qq', name], { cwd: into });
  const archive = readdirSync(into).find((file) => file.includes('.orig.tar.') && !file.endsWith('.asc'));
  if (archive === undefined) throw new Error('it has no archive');
  const files = join(into, 'files');
  mkdirSync(files);
  await run('tar', ['xf', join(into, archive), '-C', files]);
  for (const entry of readdirSync(into)) if (entry !== 'files') rmSync(join(into, entry), { recursive: true });
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
