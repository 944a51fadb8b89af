import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { readRegularFile } from '#files/regular-file.ts';
import { fileFailure } from '#session/format/failures.ts';
import { type Lesson, lessonKind } from '#shared/document/kinds/lesson.ts';
import { fail, ok, type Result } from '#shared/failure.ts';

/** The maximum size of a lesson and of a starter program. */
const maxBytes = 1_048_576;

/** A lesson and the place that it was read from. `name`: of the file, without its ending. */
export interface StoredLesson {
  readonly name: string;
  readonly lesson: Lesson;
  /** The folder with its starter programs. */
  readonly programs: string;
}

/** Returns the lessons that ship with Wirebench, in the order of their names. */
export async function listLessons(resources: string): Promise<Result<StoredLesson[]>> {
  const folder = join(resources, 'lessons');
  let names: string[];
  try {
    names = (await readdir(folder)).filter((name) => extname(name) === '.yaml').sort();
  } catch (error) {
    return { ok: false, error: fileFailure('Could not read the lessons that ship with Wirebench', error) };
  }
  const lessons: StoredLesson[] = [];
  for (const name of names) {
    const read = await readLesson(join(folder, name));
    if (!read.ok) return read;
    lessons.push(read.value);
  }
  return ok(lessons);
}

/** Reads the lesson in the file `path`. Fails if the file cannot be read or is not a lesson. */
async function readLesson(path: string): Promise<Result<StoredLesson>> {
  let content: Uint8Array;
  try {
    content = await readRegularFile(path, maxBytes);
  } catch (error) {
    return { ok: false, error: fileFailure(`Could not read the lesson “${path}”`, error) };
  }
  const parsed = lessonKind.parse(content, { path });
  if (!parsed.ok) return { ok: false, error: parsed.error };
  return ok({
    name: basename(path, extname(path)),
    lesson: parsed.value.value,
    programs: join(dirname(path), 'programs'),
  });
}

/**
 * Finds a lesson: one that ships with Wirebench, by its name or the number that it begins with, or the file of a teacher, whose
 * path contains a slash or ends with `.yaml`. Fails with `not-found`.
 */
export async function findLesson(resources: string, name: string): Promise<Result<StoredLesson>> {
  if (/[/\\]|\.ya?ml$/.test(name)) return readLesson(name);
  const lessons = await listLessons(resources);
  if (!lessons.ok) return lessons;
  const found = lessons.value.find((one) => one.name === name || one.name.split('-')[0] === name);
  if (found) return ok(found);
  return fail('not-found', `Could not find the lesson “${name}”`, {
    system: 'no lesson has this name',
    hint: 'List the lessons with wirebench lesson list, or specify the path of a .yaml file.',
  });
}

/** Which files `writePrograms` created, and which ones existed already and were not changed. */
interface WrittenPrograms {
  readonly written: string[];
  readonly existing: string[];
}

/** Writes the starter programs of a lesson to `folder`, which is created if needed. Never overwrites a file. */
export async function writePrograms(
  { lesson, programs }: Pick<StoredLesson, 'lesson' | 'programs'>,
  folder: string,
): Promise<Result<WrittenPrograms>> {
  const written: string[] = [];
  const existing: string[] = [];
  for (const path of lesson.programs) {
    const target = join(folder, path);
    try {
      const content = await readRegularFile(join(programs, path), maxBytes);
      await mkdir(dirname(target), { recursive: true });
      // Fails if the file exists, and does not follow a link that does.
      await writeFile(target, content, { flag: 'wx' });
      written.push(path);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
        existing.push(path);
        continue;
      }
      return { ok: false, error: fileFailure(`Could not write the starter program “${target}”`, error) };
    }
  }
  return ok({ written, existing });
}
