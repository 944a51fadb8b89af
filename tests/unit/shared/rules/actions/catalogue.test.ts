import { expect, test } from 'vitest';
import { endpointConfigSchema } from '#shared/endpoint/endpoint-schema.ts';
import { Boundaries, singleBoundary } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { Answer } from '#shared/rules/actions/action.ts';
import { type Action, actionKinds, createAction, explain, respond, textOf } from '#shared/rules/actions/catalogue.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const bytes = (value: string) => new Uint8Array(Buffer.from(value));
const whole = (value: string) => {
  return { carryOver: bytes(''), chunk: bytes(value), boundaries: singleBoundary(value.length, 0, 1) };
};
const line = { kind: 'delimiter', delimiter: '0a' } as const;

/** The text of everything that an answer sends. */
function sent(answer: Answer | undefined): string {
  if (answer?.kind !== 'send') throw new Error('nothing is sent');
  let all = '';
  for (let batch = answer.batches.next(); batch; batch = answer.batches.next()) all += text(batch.bytes);
  return all;
}

test('echo sends a message back whole that came in two reads, and what follows it', () => {
  const boundaries = new Boundaries();
  boundaries.push(3, 0, 1, messageFlags.text);
  boundaries.push(6, 0, 1, messageFlags.text);
  const batch = { carryOver: bytes('hel'), chunk: bytes('lo\nab\nc'), boundaries };
  const [answer] = respond([{ kind: 'echo' }], batch, line);
  if (answer?.kind !== 'send') throw new Error('there is no echo');
  const echoed = answer.batches.next();
  expect(text(echoed?.bytes ?? bytes(''))).toBe('hello\nab\n');
  expect([...(echoed?.boundaries.ends.subarray(0, echoed.boundaries.count) ?? [])]).toEqual([6, 9]);
  expect(answer.batches.next()).toBeUndefined();
  expect(boundaries.ends[0]).toBe(3);
});

test('several actions answer in their order, one that is silent not at all', () => {
  const actions: Action[] = [{ kind: 'reply', text: 'one' }, { kind: 'silent' }, { kind: 'echo' }];
  expect(respond(actions, whole('two\n'), line).map(sent)).toEqual(['one\n', 'two\n']);
});

test('a file answers as many times as there are messages, and is not read here', () => {
  const boundaries = new Boundaries();
  boundaries.push(2, 0, 1, 0);
  boundaries.push(3, 0, 0, messageFlags.filler);
  boundaries.push(5, 0, 1, 0);
  const batch = { carryOver: bytes(''), chunk: bytes('a\n b\n'), boundaries };
  expect(respond([{ kind: 'reply-file', path: 'x' }], batch, line)).toEqual([
    { kind: 'send-file', path: 'x', times: 2 },
  ]);
});

test('a reply that the framing cannot frame is a problem', () => {
  const answers = respond([{ kind: 'reply', text: 'abc' }], whole('ab'), { kind: 'fixed', size: 2, pad: '00' });
  expect(answers).toEqual([{ kind: 'problem', text: expect.stringContaining('the reply was not sent: ') }]);
});

test('every action can be configured, explained and read back', () => {
  for (const { kind, value } of actionKinds) {
    const action = createAction(kind, value && 'text');
    expect(textOf(action)).toBe(value && 'text');
    expect(explain(action)).not.toBe('');
    const config = { role: 'server', transport: 'tcp', behaviour: action };
    expect(endpointConfigSchema.parse(config)).toMatchObject({ behaviour: action });
  }
});
