import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Lesson, lessonKind } from '#shared/document/kinds/lesson.ts';
import type { FilterRecord } from '#shared/filter/ast.ts';
import { filtersOf, LessonProgress, progressOf } from '#shared/lesson/progress.ts';

const noBytes = new Uint8Array(0);

interface Ends {
  readonly socket: number;
  readonly local?: string;
  readonly peer?: string;
  readonly program?: string;
}

function recordOf(
  seq: number,
  kind: FilterRecord['kind'],
  { socket, local = '', peer = '', program }: Ends,
): FilterRecord {
  const info = { endpoint: '', name: '', local, peer, transport: 'tcp', program };
  const bytes = () => noBytes;
  const rest = { at: seq, length: 0, flags: 0, bookmarked: false, note: '', checksum: () => undefined };
  return { seq, kind, socket, info, body: bytes, bytes, ...rest };
}

/** A lesson with these conditions, each in YAML's flow style; step n has the id `sN`. */
function lessonOf(...conditions: string[]): Lesson {
  const steps = conditions.map((done, at) => `  - { id: s${at}, title: t, try: t, missing: m, done: ${done} }`);
  const parsed = lessonKind.parse(`title: t\nintroduction: i\nsteps:\n${steps.join('\n')}\n`);
  if (!parsed.ok) throw new Error(parsed.error.system);
  return parsed.value.value;
}

const done = (lesson: Lesson, records: readonly FilterRecord[]) => progressOf(lesson, records).map((step) => step.done);

describe('the progress of a lesson', () => {
  it('counts the records of the session, or of one socket', () => {
    const lesson = lessonOf('{ filter: in, count: 2 }', '{ filter: in, count: 2, per: socket }');
    const [a, b] = [{ socket: 1 }, { socket: 2 }];
    expect(done(lesson, [recordOf(0, 'in', a), recordOf(1, 'in', b)])).toEqual([true, false]);
    expect(progressOf(lesson, [recordOf(0, 'in', a), recordOf(1, 'out', a), recordOf(2, 'in', a)])).toEqual([
      { done: true, matches: 2, first: 0 },
      { done: true, matches: 2, first: 0 },
    ]);
  });

  it('wants a later record of the same socket', () => {
    const lesson = lessonOf('{ filter: in }', '{ filter: out, after: s0 }');
    expect(done(lesson, [recordOf(0, 'out', { socket: 1 }), recordOf(1, 'in', { socket: 1 })])).toEqual([true, false]);
    expect(done(lesson, [recordOf(0, 'in', { socket: 1 }), recordOf(1, 'out', { socket: 2 })])).toEqual([true, false]);
    expect(done(lesson, [recordOf(0, 'in', { socket: 1 }), recordOf(1, 'out', { socket: 1 })])).toEqual([true, true]);
  });

  it('wants the other end of the connection, in any order', () => {
    const lesson = lessonOf('{ filter: out }', '{ filter: in, after: s0, on: other end }');
    const client = { socket: 1, local: '127.0.0.1:5', peer: '127.0.0.1:6' };
    const server = { socket: 2, local: '127.0.0.1:6', peer: '127.0.0.1:5' };
    expect(done(lesson, [recordOf(0, 'in', server), recordOf(1, 'out', client)])).toEqual([true, true]);
    expect(done(lesson, [recordOf(0, 'out', client), recordOf(1, 'in', client)])).toEqual([true, false]);
  });

  it('wants the same program', () => {
    const lesson = lessonOf('{ filter: out }', '{ filter: in, after: s0, on: same program }');
    const out = recordOf(0, 'out', { socket: 1, program: 'a' });
    expect(done(lesson, [out, recordOf(1, 'in', { socket: 2, program: 'b' })])).toEqual([true, false]);
    expect(done(lesson, [out, recordOf(1, 'in', { socket: 2, program: 'a' })])).toEqual([true, true]);
  });

  it('does not depend on how the records are split into batches, and never loses a step that was done', () => {
    const conditions = lessonOf(
      '{ filter: in, count: 2, per: socket }',
      '{ filter: out, after: s0 }',
      '{ filter: in, after: s1, on: other end }',
      '{ filter: kind == closed, after: s1, on: same program }',
    ).steps.map((step) => step.done);
    const filters = filtersOf(conditions) ?? [];
    const kinds = fc.constantFrom<FilterRecord['kind']>('in', 'out', 'closed');
    const ends = fc.record({
      socket: fc.integer({ min: 1, max: 4 }),
      local: fc.constantFrom('a', 'b'),
      peer: fc.constantFrom('a', 'b'),
      program: fc.constantFrom('p', 'q'),
    });
    const entries = fc.array(fc.record({ kind: kinds, ends, isAsked: fc.boolean() }), { maxLength: 30 });
    fc.assert(
      fc.property(entries, (all) => {
        const records = all.map(({ kind, ends: where }, seq) => recordOf(seq, kind, where));
        const whole = new LessonProgress(conditions, filters, { startAt: 0 });
        for (const record of records) whole.add(record);
        const split = new LessonProgress(conditions, filters, { startAt: 0 });
        let before = split.steps();
        for (const [at, record] of records.entries()) {
          split.add(record);
          if (!all[at]?.isAsked) continue;
          const now = split.steps();
          for (const [step, { done: was }] of before.entries()) if (was) expect(now[step]?.done).toBe(true);
          before = now;
        }
        expect(split.steps()).toEqual(whole.steps());
      }),
    );
  });
});

describe('a lesson document', () => {
  const refused = (text: string) => {
    const parsed = lessonKind.parse(text);
    return parsed.ok ? '' : parsed.error.system;
  };
  const step = (rest: string) => `title: t\nintroduction: i\nsteps:\n  - { title: t, try: t, missing: m, ${rest} }\n`;

  it.each([
    [step('done: { filter: "len >" }'), 'invalid filter at character'],
    [step('done: { filter: in, after: none }'), 'no earlier step has the id “none”'],
    [step('id: a, done: { filter: in, after: a }'), 'no earlier step has the id “a”'],
    [step('done: { filter: in, on: other end }'), 'needs “after”'],
    [step('done: { filter: in, count: 0 }'), 'must be a whole number from 1 to 1000000'],
    ['title: t\nintroduction: i\nsteps: []\n', 'must have at least one step'],
    ['title: t\nintroduction: i\nprograms: [../secret.py]\nsteps: []\n', 'must be a path inside the workspace'],
    ['- a\n- b\n', 'must consist of keys and values'],
    [`title: ${'x'.repeat(200)}\n`, 'must have at most 120 characters'],
  ])('refuses %j', (text, reason) => {
    expect(refused(text)).toContain(reason);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.uint8Array()), (content) => {
        expect(typeof lessonKind.parse(content).ok).toBe('boolean');
      }),
    );
  });

  it('is the same after it was written and read', () => {
    const lesson = lessonOf('{ filter: in, count: 2, per: socket }', '{ filter: out, after: s0, on: other end }');
    const written = lessonKind.stringify(lesson);
    if (!written.ok) throw new Error(written.error.system);
    expect(lessonKind.parse(written.value.content)).toMatchObject({ ok: true, value: { value: lesson, notices: [] } });
  });
});
