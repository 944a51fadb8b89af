import type { Command } from 'commander';
import type { CheckOptions } from './lesson.ts';

const notes = `
A lesson is named by its name or number (wirebench lesson list), or by the path of a .yaml file: see docs/lessons.md.

Examples:
  wirebench lesson show 1
  wirebench lesson write 1 exercise
  wirebench lesson check 1 run.wirebench`;

const checkNotes = `
Prints each step, and for each missing one a sentence that says what is missing. Exit codes: 0 all steps are done; 1 a step is
missing, or the lesson or the session cannot be read; 2 usage error.

Examples:
  wirebench trace --no-app --record run.wirebench -- python3 both.py
  wirebench lesson check 1 run.wirebench
  wirebench lesson check exercise.yaml run.wirebench --junit result.xml`;

/** Adds `wirebench lesson` and its commands. */
export function addLessonCommands(program: Command, done: (code: number) => void): void {
  const lesson = program.command('lesson').description('list, read and check lessons').addHelpText('after', notes);
  lesson
    .command('list')
    .description('list the lessons')
    .action(async () => done(await (await import('./lesson.ts')).listAll()));
  lesson
    .command('show')
    .description('print a lesson with its steps')
    .argument('<lesson>', 'name, number or .yaml file')
    .option('--hints', 'print the hints too')
    .action(async (name: string, { hints = false }: { readonly hints?: boolean }) => {
      done(await (await import('./lesson.ts')).show(name, hints));
    });
  lesson
    .command('write')
    .description('write the starter programs of a lesson to a folder; existing files are not changed')
    .argument('<lesson>', 'name, number or .yaml file')
    .argument('<folder>', 'folder, created if needed')
    .action(async (name: string, folder: string) => done(await (await import('./lesson.ts')).write(name, folder)));
  lesson
    .command('check')
    .description('check which steps of a lesson a recorded session shows')
    .argument('<lesson>', 'name, number or .yaml file')
    .argument('<session>', '.wirebench file')
    .option('--json', 'print one JSON object')
    .option('--junit <file>', 'also write the result to a JUnit XML file')
    .addHelpText('after', checkNotes)
    .action(async (name: string, session: string, options: CheckOptions) => {
      done(await (await import('./lesson.ts')).check(name, session, options));
    });
}
