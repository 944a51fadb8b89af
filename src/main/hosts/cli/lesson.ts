import { writeFile } from 'node:fs/promises';
import { fileFailure } from '#session/format/failures.ts';
import { printableJson } from '#shared/bytes/hidden.ts';
import { showControls } from '#shared/bytes/text.ts';
import type { Failure } from '#shared/failure.ts';
import type { StepProgress } from '#shared/lesson/progress.ts';
import { findLesson, listLessons, type StoredLesson, writePrograms } from '#workbench/lessons.ts';
import { finishOutput, withSession } from './log-session.ts';
import { exitCodes, Output, reportFailure } from './output.ts';
import { resourcesFolder } from './run.ts';

/** The options of `wirebench lesson check`. */
export interface CheckOptions {
  readonly json?: boolean | undefined;
  /** The path of the JUnit file. */
  readonly junit?: string | undefined;
}

/** Runs `wirebench lesson list`. Returns the exit code. */
export async function listAll(): Promise<number> {
  const lessons = await listLessons(resourcesFolder());
  if (!lessons.ok) return failed(lessons.error);
  const output = new Output();
  const width = Math.max(0, ...lessons.value.map(({ name }) => name.length));
  for (const { name, lesson } of lessons.value) output.write(`${name.padEnd(width)}  ${showControls(lesson.title)}\n`);
  return finishOutput(output);
}

/** Runs `wirebench lesson show`. Returns the exit code. */
export async function show(name: string, hints: boolean): Promise<number> {
  const found = await findLesson(resourcesFolder(), name);
  if (!found.ok) return failed(found.error);
  const { title, introduction, programs, steps } = found.value.lesson;
  const lines = [title, '', ...introduction.trimEnd().split('\n'), ''];
  for (const [index, step] of steps.entries()) {
    lines.push(`${index + 1}. ${step.title}`, `   ${step.try}`);
    if (step.command !== undefined) lines.push(`   $ ${step.command}`);
    if (hints && step.hint !== undefined) lines.push(`   Hint: ${step.hint}`);
  }
  if (programs.length > 0) lines.push('', `Starter programs: ${programs.join(', ')}`);
  const output = new Output();
  output.write(`${lines.map(showControls).join('\n')}\n`);
  return finishOutput(output);
}

/** Runs `wirebench lesson write`. Returns the exit code. */
export async function write(name: string, folder: string): Promise<number> {
  const found = await findLesson(resourcesFolder(), name);
  if (!found.ok) return failed(found.error);
  const programs = await writePrograms(found.value, folder);
  if (!programs.ok) return failed(programs.error);
  const output = new Output();
  for (const path of programs.value.written) output.write(`wrote ${showControls(path)}\n`);
  for (const path of programs.value.existing) output.write(`not changed, exists already: ${showControls(path)}\n`);
  return finishOutput(output);
}

/** Runs `wirebench lesson check`: prints which steps the session shows. Returns the exit code. */
export async function check(name: string, file: string, { json, junit }: CheckOptions): Promise<number> {
  const found = await findLesson(resourcesFolder(), name);
  if (!found.ok) return failed(found.error);
  const { lesson } = found.value;
  return withSession(file, async (session) => {
    const answer = await session.ask('lessonProgress', { steps: lesson.steps.map(({ done }) => done) });
    if (!answer.ok) return failed(answer.error);
    const { steps } = answer.value;
    const output = new Output();
    output.write(json ? jsonOf(found.value, steps) : textOf(found.value, steps));
    const failure = junit === undefined ? undefined : await writeJunit(junit, junitOf(found.value, steps));
    const code = await finishOutput(output, failure);
    if (code !== exitCodes.done) return code;
    return steps.every(({ done }) => done) ? exitCodes.done : exitCodes.failed;
  });
}

function failed(error: Failure): number {
  reportFailure(error);
  return exitCodes.failed;
}

function textOf({ lesson }: StoredLesson, progress: readonly StepProgress[]): string {
  const lines = lesson.steps.flatMap(({ title, missing, done: { count } }, index) => {
    const { done = false, matches = 0 } = progress[index] ?? {};
    const line = `${done ? 'done   ' : 'missing'}  ${index + 1}. ${title}`;
    if (done) return [line];
    return [line, `         ${missing}${count > 1 ? ` (${matches} of ${count})` : ''}`];
  });
  const done = progress.filter((step) => step.done).length;
  lines.push('', `${done} of ${lesson.steps.length} steps done`);
  return `${lines.map(showControls).join('\n')}\n`;
}

function jsonOf({ name, lesson }: StoredLesson, progress: readonly StepProgress[]): string {
  const steps = lesson.steps.map(({ title, missing, done: { count } }, index) => {
    const { done = false, matches = 0, first } = progress[index] ?? {};
    return { title, done, matches, count, seq: first ?? null, missing: done ? null : missing };
  });
  return `${printableJson({ lesson: name, title: lesson.title, done: steps.every(({ done }) => done), steps })}\n`;
}

/** Returns the result as JUnit XML: a test case for each step. */
function junitOf({ name, lesson }: StoredLesson, progress: readonly StepProgress[]): string {
  const cases = lesson.steps.map(({ title, missing }, index) => {
    const start = `    <testcase classname="${escapeXml(name)}" name="${escapeXml(`${index + 1}. ${title}`)}"`;
    return progress[index]?.done
      ? `${start}/>`
      : `${start}>\n      <failure message="${escapeXml(missing)}"/>\n    </testcase>`;
  });
  const failures = progress.filter(({ done }) => !done).length;
  const counts = `tests="${cases.length}" failures="${failures}"`;
  const suite = `  <testsuite name="${escapeXml(lesson.title)}" ${counts}>\n${cases.join('\n')}\n  </testsuite>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n${suite}\n</testsuites>\n`;
}

const xmlNames: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes text for an attribute. Control characters, which XML 1.0 does not allow, are shown as symbols. */
function escapeXml(text: string): string {
  return showControls(text).replaceAll(/[&<>"]/g, (character) => xmlNames[character] ?? '');
}

async function writeJunit(path: string, text: string): Promise<Failure | undefined> {
  try {
    await writeFile(path, text);
    return undefined;
  } catch (error) {
    return fileFailure(`Could not write “${path}”`, error);
  }
}
