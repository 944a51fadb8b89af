import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createClient } from '#shared/contract/client.ts';
import { defaultSettings } from '#shared/contract/models.ts';
import { type Handlers, serve } from '#shared/contract/serve.ts';
import type { Transport } from '#shared/contract/transport.ts';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok } from '#shared/failure.ts';

/** Handlers of which only those given exist; any other is a bug of the test. */
function handlersOf(part: Partial<Handlers>): Handlers {
  return new Proxy(part, {
    get(target, name) {
      return Reflect.get(target, name) ?? (() => expect.unreachable(`${String(name)} was called`));
    },
  }) as Handlers;
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

function circle(): unknown {
  const value: { self?: unknown } = {};
  value.self = value;
  return value;
}

const noBug = (name: string, error: unknown) => expect.unreachable(`${name}: ${error}`);

describe('serving a call', () => {
  test('runs the handler with the parsed input', async () => {
    const handlers = handlersOf({ 'sessions.close': ({ session }) => fail('not-found', `no ${session}`) });
    expect(await serve(handlers, 'sessions.close', { session: 's1', more: 1 }, noBug)).toEqual(
      fail('not-found', 'no s1'),
    );
  });

  test.each(['', 'endpoints.fly', 'constructor', '__proto__'])('refuses the unknown call %j', async (name) => {
    expect(await serve(handlersOf({}), name, {}, noBug)).toMatchObject({ error: { code: 'unknown-call' } });
  });

  test('refuses input that does not fit, and says which part', async () => {
    const input = { ...defaultServer, port: 70_000 };
    expect(await serve(handlersOf({}), 'endpoints.create', input, noBug)).toMatchObject({
      error: { code: 'bad-input', system: 'port: Port must be 0–65535' },
    });
  });

  test.each([
    ['deep values', () => nested(40), 'too-large'],
    ['a circle', circle, 'too-large'],
    ['a long list', () => new Array(100_001), 'too-large'],
    ['a list that is longer than its values', () => new Array(4_000_000_000), 'too-large'],
    [
      'a map with many keys',
      () => Object.fromEntries(Array.from({ length: 1_025 }, (_, key) => [key, 1])),
      'too-large',
    ],
    ['many values', () => Array.from({ length: 90_000 }, () => [[], []]), 'too-large'],
    ['a long text', () => 'x'.repeat(5_000_000), 'too-large'],
    ['a key “__proto__”', () => JSON.parse('{"a": {"__proto__": 1}}'), 'bad-input'],
    ['a key “constructor”', () => ({ constructor: {} }), 'bad-input'],
  ] as const)('refuses %s in the input, as a failed call, before its schema reads it', async (_, make, code) => {
    const answer = await serve(handlersOf({}), 'sessions.close', { session: 's', more: make() }, noBug);
    expect(answer).toMatchObject({ ok: false, error: { code, message: '“sessions.close” was refused' } });
  });

  test('answers a failure, and reports the bug, where a handler throws', async () => {
    const bugs: string[] = [];
    const handlers = handlersOf({
      'samples.list': () => {
        throw new Error('broken');
      },
    });
    const answer = await serve(handlers, 'samples.list', {}, (name) => bugs.push(name));
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal', system: 'broken' } });
    expect(bugs).toEqual(['samples.list']);
  });

  test('always answers, whatever the name and the input', async () => {
    const handlers = handlersOf({});
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.anything(), async (name, input) => {
        expect(await serve(handlers, name, input, noBug)).toHaveProperty('ok', false);
      }),
    );
  });
});

describe('the client', () => {
  const transport = (call: Transport['call']): Transport => ({ call, subscribe: () => () => {} });

  test('gives the value of a good answer', async () => {
    const settings = { ...defaultSettings, theme: 'dark' as const };
    const client = createClient(transport(async () => ok(settings)));
    expect(await client.call('settings.get', {})).toEqual(ok(settings));
  });

  test('turns a host that is gone and an answer of another shape into failures', async () => {
    const gone = createClient(transport(() => Promise.reject(new Error('socket closed'))));
    expect(await gone.call('settings.get', {})).toMatchObject({ error: { code: 'disconnected' } });
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (answer) => {
        const client = createClient(transport(async () => answer));
        expect(await client.call('settings.get', {})).toHaveProperty('ok', false);
      }),
    );
  });

  test('hands on the events it knows and drops the others', () => {
    const seen: unknown[] = [];
    let push: (event: unknown) => void = () => {};
    const client = createClient({
      call: async () => undefined,
      subscribe(listener) {
        push = listener;
        return () => {};
      },
    });
    client.subscribe((event) => seen.push(event));
    const progress = { kind: 'job.progress', job: 't', done: 1, total: 2 };
    for (const event of [null, { kind: 'surprise' }, progress]) push(event);
    expect(seen).toEqual([progress]);
  });
});
