import type { z } from 'zod';
import { parseFilter } from '../../filter/parse.ts';
import { flagField, group, listField, nameField, noteField, pathField, textField, wholeField } from '../file-fields.ts';
import { yamlKind } from '../yaml-kind.ts';

/** The longest delay or wait: a day. */
const dayMs = 86_400_000;

const filter = textField(4_096, 'Filter that the reply must match, as in docs/filters.md.').superRefine(
  (text, context) => {
    const parsed = parseFilter(text);
    if (parsed.ok) return;
    const { message, from } = parsed.problem;
    context.addIssue({ code: 'custom', message: `invalid filter at character ${from + 1}: ${message}` });
  },
);

const expect = group(
  {
    filter: filter.optional(),
    timeoutMs: wholeField(1, dayMs, 'Maximum time to wait for the reply, in milliseconds. Default: 5000.').optional(),
  },
  'The reply to wait for after each message of the step. Without a filter: any message.',
);

const step = group(
  {
    payload: textField(4_096, 'Payload to send: its path in the folder payloads, with or without its ending.').min(
      1,
      'must name a payload',
    ),
    enabled: flagField('false: the step is skipped. Default: true.').optional(),
    delayMs: wholeField(0, dayMs, 'Delay before each message of the step, in milliseconds. Default: 0.').optional(),
    count: wholeField(1, 1_000_000_000, 'How many times to send the payload. Default: 1.').optional(),
    expect: expect.optional(),
    note: noteField.optional(),
  },
  'A step of a send list.',
);

const schema = group(
  {
    name: nameField.optional(),
    note: noteField.optional(),
    steps: listField(step, 1_000, 'Payloads, in the order in which they are sent.'),
    loop: wholeField(0, 1_000_000_000, 'How many times to run the list; 0: until stopped. Default: 1.').optional(),
    rows: pathField(
      'CSV or JSON Lines file in the folder lists: the list runs once per row, with its columns as variables.',
    ).optional(),
  },
  'A send list: payloads that are sent in order.',
);

/** One step of a send list. Times in milliseconds. */
interface SendStep {
  readonly payload: string;
  readonly enabled: boolean;
  readonly delayMs: number;
  readonly count: number;
  readonly expect?: { readonly filter: string; readonly timeoutMs: number } | undefined;
  readonly note?: string | undefined;
}

/** A send list; `loop` 0 is until stopped. */
export interface SendList {
  readonly name?: string | undefined;
  readonly note?: string | undefined;
  readonly steps: readonly SendStep[];
  readonly loop: number;
  readonly rows?: string | undefined;
}

/** How long a step waits for its reply, unless it says so itself. */
const usualTimeoutMs = 5_000;

function unlessUsual<Value>(value: Value, usual: Value): Value | undefined {
  return value === usual ? undefined : value;
}

function readStep({
  payload,
  enabled = true,
  delayMs = 0,
  count = 1,
  expect: reply,
  note,
}: z.infer<typeof step>): SendStep {
  const waits = reply && { filter: reply.filter ?? '', timeoutMs: reply.timeoutMs ?? usualTimeoutMs };
  return { payload, enabled, delayMs, count, expect: waits, note };
}

function writeStep({ payload, enabled, delayMs, count, expect: reply, note }: SendStep): object {
  return {
    payload,
    enabled: unlessUsual(enabled, true),
    delayMs: unlessUsual(delayMs, 0),
    count: unlessUsual(count, 1),
    // Always with its filter: a group without values is left out.
    expect: reply && { filter: reply.filter, timeoutMs: unlessUsual(reply.timeoutMs, usualTimeoutMs) },
    note,
  };
}

/** `lists/*.yaml`. */
export const sendListKind = yamlKind({
  kind: 'send-list',
  label: 'send list',
  folder: 'lists',
  endings: ['.yaml'],
  schema,
  read: ({ name, note, steps, loop = 1, rows }) => ({
    ok: true,
    value: { name, note, steps: steps.map(readStep), loop, rows } satisfies SendList,
  }),
  write: ({ name, note, steps, loop, rows }: SendList) => ({
    file: { name, note, steps: steps.map(writeStep), loop: unlessUsual(loop, 1), rows },
  }),
});
