import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type CallInput, type CallName, contract } from '#shared/contract/contract.ts';
import { createConfig } from '#shared/endpoint/endpoint-config.ts';
import { saveFormats } from '#shared/export/export-formats.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import {
  formsOf,
  type Scenario,
  type SecretName,
  secrets,
  startSecretScenario,
  templateOf,
} from '#support/secret-scenario.ts';
import { testHome } from '#support/workbench.ts';

const bytes = Buffer.from('x');
const framing = parseFraming('line') as FramingSpec;
const timing = { intervalMs: 0, jitterMs: 0 };
const list = 'lists/all.yaml';
const meta = 'payloads/kept.txt.meta.yaml';
const order = { kind: 'order' } as const;

type Inputs<Name extends CallName> = (at: Scenario) => readonly CallInput<Name>[];

const nothing = () => [{}];
/** A template that sends a secret, one that fails with its value, and one that the encoding refuses. */
const templates = ({ environment }: Scenario) => [
  templateOf('{{ sent }}', environment),
  templateOf('{{ kept | json: "$.a" }}', environment),
  { ...templateOf('{{ kept }}€', environment), encoding: 'iso-8859-1' as const },
];
const tlsOf = (at: Scenario) => at.last('app.snapshot').endpoints.find(({ id }) => id === at.ids.tls)?.config as never;

/** What each call is asked, in this order. A call of the contract that has no entry does not compile, and fails the test. */
const inputs: { readonly [Name in CallName]: Inputs<Name> } = {
  'app.info': nothing,
  'app.snapshot': nothing,
  'programs.clear': nothing,
  'settings.get': nothing,
  'settings.set': () => [{ theme: 'dark', filters: ['len > 1'] }],
  'samples.list': nothing,
  'lessons.list': nothing,
  'lessons.write': () => [{ name: 'none', folder: 'folder:none/none' }],
  'system.options': nothing,
  'documents.write': () => [
    { path: list, bytes: Buffer.from('steps: [{ payload: kept.txt, count: 2 }]\n'), basedOn: 'new' },
    { path: 'payloads/kept.txt', bytes: Buffer.from('{{ sent }}'), basedOn: 'new' },
    { path: list, bytes, basedOn: 'new' },
  ],
  'documents.put': (at) => [
    { path: meta, value: { kind: 'payload-meta', template: true, encoding: 'utf-8' }, basedOn: 'new' },
    { path: 'endpoints/ws.yaml', value: { kind: 'endpoint', config: tlsOf(at) }, basedOn: 'new', endpoint: at.ids.ws },
    { path: at.document, value: { kind: 'endpoint', config: tlsOf(at) }, basedOn: 'other' },
  ],
  'documents.read': (at) => [at.environment, at.document, list, 'payloads/none.txt'].map((path) => ({ path })),
  'documents.value': (at) => [at.environment, at.document, list, meta, 'endpoints/none.yaml'].map((path) => ({ path })),
  'documents.createFolder': () => [{ path: 'payloads/more' }],
  'documents.duplicate': (at) => [{ path: at.document }, { path: at.environment }],
  'documents.move': (at) => [{ moves: [{ from: at.last('documents.duplicate').path, to: 'environments/other.yaml' }] }],
  'documents.remove': () => [{ paths: ['environments/other.yaml'] }],
  'documents.restore': (at) => [{ undo: at.last('documents.remove').undo }, { undo: 'none' }],
  'workspace.get': nothing,
  'workspace.rescan': nothing,
  'drafts.keep': () => [{ key: 'payloads/kept.txt', bytes, basedOn: 'new', details: {} }],
  'drafts.list': () => [{ page: 'a page' }],
  'drafts.drop': () => [{ key: 'payloads/kept.txt' }],
  'drafts.end': () => [{ page: 'a page' }],
  'layout.keep': () => [{ layout: { tabs: [] } }],
  'layout.get': nothing,
  'secrets.set': ({ environment }) => [
    { environment, name: 'kept', value: secrets.kept },
    { environment, name: 'unlisted', value: secrets.kept },
    { environment: list, name: 'kept', value: secrets.kept },
    { environment, name: 'kept', value: secrets.kept.repeat(4_000) },
  ],
  'secrets.names': ({ environment }) => [{ environment }],
  'payloads.preview': (at) => templates(at).flatMap((payload) => [{ payload }, { payload, socket: at.sockets.client }]),
  'endpoints.create': ({ port }) => [
    createConfig('client', 'tcp', { port, name: 'one-shot' }),
    createConfig('client', 'udp', { port }),
    createConfig('server', 'udp', { port: 0 }),
    createConfig('client', 'ws', { ws: { headers: [`X-Shown ${secrets.header}`] } }),
  ],
  'endpoints.createFrom': (at) => [{ path: at.document }, { path: 'endpoints/none.yaml' }],
  'endpoints.update': (at) => [{ id: at.ids.broken, config: tlsOf(at) }],
  'endpoints.open': (at) => {
    const udp = at.answers.filter(({ name }) => name === 'endpoints.create').map(({ reply }) => reply);
    return [...udp.flatMap((reply) => (reply.ok ? [reply.value as { id: string }] : [])), { id: at.ids.broken }]
      .filter(({ id }) => !Object.values(at.ids).some((own) => own === id && id !== at.ids.broken))
      .map(({ id }) => ({ id }));
  },
  'endpoints.accepting': (at) => [true, false].map((accepting) => ({ id: at.ids.tls, accepting })),
  'endpoints.addPeer': (at) => [{ id: at.last('endpoints.open').id, host: '127.0.0.1', port: at.port }],
  'sockets.send': (at) => [
    ...templates(at).map((payload) => ({ sockets: [at.sockets.client], payload, frame: false })),
    { sockets: [at.sockets.client, 99_999], bytes, frame: true },
  ],
  'sockets.reading': (at) => [false, true].map((reading) => ({ socket: at.sockets.client, reading })),
  'sockets.frame': (at) => [{ socket: at.sockets.client, framing }],
  'sockets.peerProcess': () => [{ local: '127.0.0.1:1', peer: '127.0.0.1:2' }],
  'sockets.waiting': (at) => [{ socket: at.sockets.client }],
  'sockets.ping': (at) => [{ socket: at.sockets.ws, payload: bytes }],
  'jobs.start': (at) => [
    ...templates(at).flatMap((payload): CallInput<'jobs.start'>[] => [
      { kind: 'repeat', sockets: [at.sockets.client], payload, frame: false, count: 2, ...timing },
    ]),
    { kind: 'list', sockets: [at.sockets.client], list, environment: at.environment },
  ],
  'jobs.cancel': (at) => [{ job: at.last('jobs.start').id }],
  'jobs.clear': (at) => [{ job: at.last('jobs.start').id }],
  'sessions.query': ({ session }) => [
    { session, filter: 'out' },
    { session, filter: 'out &&' },
  ],
  'sessions.window': (at) => [{ session: at.session, query: at.last('sessions.query').id, first: 0, count: 100 }],
  'sessions.locate': ({ session }) => [{ session, seq: 1 }],
  'sessions.find': ({ session }) => [{ session, find: `text contains "${secrets.sent}"`, from: -1, backward: false }],
  'sessions.search': ({ session }) => [{ session, seq: 1, needle: bytes, from: 0, backward: false }],
  'sessions.otherEnd': ({ session, sockets: { client } }) => [{ session, socket: client }],
  'sessions.reads': ({ session, sockets: { client } }) => [{ session, socket: client, from: 0, to: 100 }],
  'sessions.payload': ({ session }) =>
    Array.from({ length: 60 }, (_, seq) => ({ session, seq, from: 0, length: 1_000 })),
  'sessions.statistics': ({ session }) => [{ session, pairing: order }],
  'sessions.estimate': ({ session }) => [{ session, format: 'csv', scope: {} }],
  'sessions.guessFramings': ({ session }) => [{ session }],
  'sessions.insights': ({ session }) => [{ session }],
  'sessions.lessonProgress': ({ session }) => [
    { session, steps: [{ filter: 'in', count: 1, per: 'session', on: 'same socket' }] },
  ],
  'sessions.endQuery': (at) => [{ session: at.session, query: at.last('sessions.query').id }],
  'sessions.mark': ({ session }) => [{ session, seq: 1, bookmarked: true, note: 'a note' }],
  'sessions.save': ({ session, place }) =>
    saveFormats.map((format) => ({ session, format, target: place(`export.${format}`), job: `save ${format}` })),
  'sessions.reframe': ({ session }) => [{ session, framing, job: 'reframe' }],
  'sessions.move': ({ session, place }) => [{ session, target: place('moved.wirebench'), job: 'move' }],
  'sessions.rename': ({ session }) => [{ session, name: 'lab' }],
  'sessions.retry': ({ session }) => [{ session }],
  'dialogs.save': () => [{ title: 'Save', suggestedName: 'a' }],
  'dialogs.open': () => [{ title: 'Open', purpose: 'file' }],
  'documents.show': (at) => [{ path: at.document }],
  'downloads.prepare': () => [{ suggestedName: 'a.csv' }],
  'places.list': () => [{ suggestedName: 'a' }],
  'sockets.shutdown': (at) => [{ socket: at.sockets.client }],
  'sockets.reset': (at) => [{ socket: at.sockets.client }],
  'sockets.close': (at) => [{ socket: at.sockets.ws }],
  'endpoints.close': (at) => at.last('app.snapshot').endpoints.map(({ id }) => ({ id })),
  'endpoints.clear': (at) => [{ id: at.ids.client }],
  'endpoints.remove': (at) => [{ id: at.ids.ws }, { id: 'none' }],
  'sessions.begin': nothing,
  'sessions.stored': nothing,
  'sessions.open': (at) => at.last('sessions.stored').sessions.map(({ reference: file }) => ({ file })),
  'sessions.close': (at) => at.last('app.snapshot').sessions.map(({ id: session }) => ({ session })),
  'sessions.delete': (at) => at.last('sessions.stored').sessions.map(({ reference: stored }) => ({ stored })),
  'secrets.remove': ({ environment }) => [{ environment, name: 'kept' }],
  'workspace.create': () => [{ name: 'Other' }],
  'workspace.recent': nothing,
  'workspace.open': () => [{ id: 'default' }, { id: 'none' }],
  'workspace.forget': (at) => [{ id: at.last('workspace.create').id }],
};

/** The browser host has no dialogs, so that no folder can be selected in it. */
const unsupported: readonly CallName[] = ['lessons.write', 'dialogs.save', 'dialogs.open', 'documents.show'];
/** Calls that return bytes of messages. */
const returningBytes: readonly CallName[] = ['sessions.window', 'sessions.payload'];

/** Asks a call everything that its entry says, and the same with each field of another type. */
async function ask(name: CallName, at: Scenario): Promise<void> {
  await at.value('app.snapshot', {});
  const usual = inputs[name](at);
  for (const input of usual) await at.call(name, input);
  for (const key of Object.keys({ ...usual[0] })) {
    const wrong = { ...usual[0], [key]: { wrong: secrets.passphrase } };
    if (!contract[name].input.safeParse(wrong).success) await at.call(name, wrong);
  }
  if (name !== 'jobs.start') return;
  const isIdle = async () => (await at.value('app.snapshot', {})).jobs.every(({ state }) => state !== 'running');
  await vi.waitUntil(isIdle, { timeout: 30_000, interval: 20 });
}

/** Returns a value as text in which bytes are Latin-1. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (part instanceof Uint8Array ? Buffer.from(part).toString('latin1') : part)) ?? '';

/** Returns the names of the secrets that are in `text`, in any form. */
const secretsIn = (text: string): SecretName[] =>
  (Object.keys(secrets) as SecretName[]).filter((name) => formsOf(secrets[name]).some((form) => text.includes(form)));

/** Returns the files of a folder as Latin-1, but for the stored secrets themselves. */
function filesIn(folder: string): { readonly path: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.secret'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, text: readFileSync(path, 'latin1') }));
}

/** Keeps what is printed from now on until the test ends. */
function capturePrinted(): unknown[] {
  const printed: unknown[] = [];
  for (const stream of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    const spy = vi.spyOn(console, stream).mockImplementation((...values) => void printed.push(values));
    onTestFinished(() => spy.mockRestore());
  }
  return printed;
}

test('a secret is in no answer of any call, no event, printed line, session file or export, unless it was sent as bytes', async () => {
  expect(Object.keys(inputs).sort()).toEqual(Object.keys(contract).sort());
  const printed = capturePrinted();
  const at = await startSecretScenario(await testHome());
  for (const name of Object.keys(inputs) as CallName[]) await ask(name, at);
  await at.close();

  // Each call has succeeded, so that its answer was one of those that count.
  const succeeded = new Set(at.answers.filter(({ reply }) => reply.ok).map(({ name }) => name));
  const failed = (Object.keys(inputs) as CallName[]).filter((name) => !succeeded.has(name));
  expect(failed).toEqual(unsupported);

  const leaks = at.answers
    .map(({ name, input, reply }) => ({ name, input, reply, secrets: secretsIn(textOf(reply)) }))
    .filter((one) => one.secrets.length > 0);
  expect(leaks.filter((one) => !returningBytes.includes(one.name) || one.secrets.join() !== 'sent')).toEqual([]);
  expect(secretsIn(textOf(at.events))).toEqual([]);
  expect(secretsIn(textOf(printed))).toEqual([]);
  expect(secretsIn(at.received())).toEqual(['sent']);

  // What was sent is found, which shows that the others would be.
  expect(new Set(leaks.map(({ name }) => name))).toEqual(new Set(returningBytes));
  const written = filesIn(at.home).map(({ path, text }) => ({ path, secrets: secretsIn(text) }));
  expect(written.filter(({ secrets: names }) => names.length > 0 && names.join() !== 'sent')).toEqual([]);
  const exported = written.filter(({ path }) => path.includes('export.'));
  expect(exported).toHaveLength(saveFormats.length);
  expect(exported.filter(({ secrets: names }) => names.length > 0).length).toBeGreaterThan(4);
});
