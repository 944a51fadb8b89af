import type { z } from 'zod';
import { parseFilter } from '../../filter/parse.ts';
import { nameError, namePattern } from '../document-path.ts';
import { choiceField, group, listField, pathField, textField, wholeField } from '../file-fields.ts';
import type { FileIssue, ReadFile } from '../yaml-kind.ts';
import { yamlKind } from '../yaml-kind.ts';

const relations = ['same socket', 'same program', 'other end'] as const;

const stepId = textField(120, 'Short name of the step, for “after” of a later step.').regex(namePattern, nameError);

const filter = textField(4_096, 'Filter that selects the records, as in docs/filters.md.').superRefine(
  (text, context) => {
    const parsed = parseFilter(text);
    if (parsed.ok) return;
    const { message, from } = parsed.problem;
    context.addIssue({ code: 'custom', message: `invalid filter at character ${from + 1}: ${message}` });
  },
);

const done = group(
  {
    filter,
    count: wholeField(1, 1_000_000, 'How many records must match. Default: 1.').optional(),
    per: choiceField(
      ['session', 'socket'],
      'socket: one socket must have all the matching records. Default: session.',
    ).optional(),
    after: stepId
      .meta({ description: 'An earlier step: its records and these belong together as “on” says.' })
      .optional(),
    on: choiceField(
      relations,
      'How the records belong to those of the step “after”: on the same socket and later, in the same program, or at the other end of the connection. Default: same socket.',
    ).optional(),
  },
  'The records that show that the step was done.',
);

const step = group(
  {
    id: stepId.optional(),
    title: textField(120, 'What the step is about, in a few words.').min(1, 'must not be empty'),
    try: textField(4_096, 'What to try.').min(1, 'must not be empty'),
    hint: textField(4_096, 'A hint, shown on demand.').optional(),
    command: textField(1_024, 'Command line to copy, such as wirebench trace -- python3 server.py.').optional(),
    done,
    missing: textField(1_024, 'Sentence that says what is missing while the step is not done.').min(
      1,
      'must not be empty',
    ),
  },
  'A step of the lesson.',
);

const schema = group(
  {
    title: textField(120, 'Title of the lesson.').min(1, 'must not be empty'),
    introduction: textField(16_384, 'Introduction, as plain text.'),
    programs: listField(
      pathField('File with a starter program, next to the lesson in the folder programs.'),
      50,
      'Starter programs.',
    ).optional(),
    steps: listField(step, 50, 'Steps, in the order in which they are shown.').min(1, 'must have at least one step'),
  },
  'A lesson: steps that are ticked by the records of a session.',
);

/** What shows that a step was done. `after` is the number of an earlier step. */
export interface StepCondition {
  readonly filter: string;
  readonly count: number;
  readonly per: 'session' | 'socket';
  readonly after?: number | undefined;
  readonly on: (typeof relations)[number];
}

/** A step of a lesson; texts are plain text. */
interface LessonStep {
  readonly id?: string | undefined;
  readonly title: string;
  readonly try: string;
  readonly hint?: string | undefined;
  readonly command?: string | undefined;
  readonly done: StepCondition;
  readonly missing: string;
}

/** A lesson; `programs` are paths relative to the folder `programs` next to it. */
export interface Lesson {
  readonly title: string;
  readonly introduction: string;
  readonly programs: readonly string[];
  readonly steps: readonly LessonStep[];
}

function readLesson({ title, introduction, programs = [], steps }: z.infer<typeof schema>): ReadFile<Lesson> {
  const numbers = new Map<string, number>();
  const read: LessonStep[] = [];
  for (const [number, { done: condition, ...texts }] of steps.entries()) {
    const { count = 1, per = 'session', after, on } = condition;
    const anchor = after === undefined ? undefined : numbers.get(after);
    const issue = issueOf(number, { id: texts.id, after, on, anchor, numbers });
    if (issue) return { ok: false, issue };
    if (texts.id !== undefined) numbers.set(texts.id, number);
    read.push({ ...texts, done: { filter: condition.filter, count, per, after: anchor, on: on ?? 'same socket' } });
  }
  return { ok: true, value: { title, introduction, programs, steps: read } };
}

interface References {
  readonly id: string | undefined;
  readonly after: string | undefined;
  readonly on: string | undefined;
  readonly anchor: number | undefined;
  readonly numbers: ReadonlyMap<string, number>;
}

function issueOf(number: number, { id, after, on, anchor, numbers }: References): FileIssue | undefined {
  const path = ['steps', number];
  if (after !== undefined && anchor === undefined) {
    const hint = 'Give that step an id, and put it before this one.';
    return { path: [...path, 'done', 'after'], what: `no earlier step has the id “${after}”`, hint };
  }
  if (after === undefined && on !== undefined) {
    return {
      path: [...path, 'done', 'on'],
      what: 'needs “after”',
      hint: 'Add “after” with the id of an earlier step.',
    };
  }
  if (id !== undefined && numbers.has(id)) {
    return { path: [...path, 'id'], what: `another step has the id “${id}”`, hint: 'Use each id once.' };
  }
  return undefined;
}

/** `*.yaml` in a folder of lessons. */
export const lessonKind = yamlKind({
  kind: 'lesson',
  label: 'lesson',
  folder: 'lessons',
  endings: ['.yaml'],
  schema,
  read: readLesson,
  write: ({ title, introduction, programs, steps }: Lesson) => ({
    file: {
      title,
      introduction,
      programs: programs.length === 0 ? undefined : programs,
      steps: steps.map(({ done: { filter: text, count, per, after, on }, ...texts }) => ({
        ...texts,
        done: {
          filter: text,
          count: count === 1 ? undefined : count,
          per: per === 'session' ? undefined : per,
          after: after === undefined ? undefined : steps[after]?.id,
          on: after === undefined || on === 'same socket' ? undefined : on,
        },
      })),
    },
  }),
});
