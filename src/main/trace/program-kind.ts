import { constants } from 'node:fs';
import { access, open, realpath, stat } from 'node:fs/promises';
import { basename, delimiter, isAbsolute, join, sep } from 'node:path';

/**
 * How a program is traced: `own` by the tracers for Python and Node.js, which also trace what a shell or a launcher starts;
 * `strace` for programs in other languages.
 */
type TracerKind = 'own' | 'strace';

/** Interpreters that load a tracer, and programs that only start others. */
const ownNames =
  /^(?:(?:python|pypy)[\d.]*t?|idle[\d.]*|pip[\d.]*|node|nodejs|bun|npm|npx|pnpm|yarn|tsx|ts-node|uv|uvx|poetry|pipenv|conda|(?:ba|da|z|k|c|tc|fi)?sh|busybox|env|time|timeout|nice|nohup|setsid|stdbuf|make|sudo|doas|xargs|watch|script)(?:\.exe|\.cmd|\.bat)?$/i;

/** Returns how the program is traced: by its name, or the one that its first line has, or the one that a link leads to. */
export async function tracerFor(program: string): Promise<TracerKind> {
  if (ownNames.test(basename(program))) return 'own';
  const file = await findProgram(program);
  // The system says what is wrong with a program that is not there.
  if (file === undefined) return 'own';
  if (ownNames.test(basename(await realpath(file)))) return 'own';
  const interpreter = await interpreterOf(file);
  return interpreter?.some((word) => ownNames.test(basename(word))) ? 'own' : 'strace';
}

/** Returns the path of the file that the system would run; `undefined` where there is none. */
async function findProgram(program: string): Promise<string | undefined> {
  if (isAbsolute(program) || program.includes('/') || program.includes(sep))
    return (await isProgram(program)) ? program : undefined;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder === '' ? '.' : folder, program);
    if (await isProgram(file)) return file;
  }
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** Returns the words of the first line of a script; `undefined` for another file, or one that cannot be read. */
async function interpreterOf(file: string): Promise<string[] | undefined> {
  try {
    await using handle = await open(file, 'r');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0);
    const start = buffer.toString('latin1', 0, bytesRead);
    return start.startsWith('#!') ? start.slice(2).split('\n', 1)[0]?.trim().split(/\s+/) : undefined;
  } catch {
    return undefined;
  }
}
