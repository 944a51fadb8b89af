import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { browserCalls } from '#hosts/browser/host-calls.ts';
import { createDownloads } from '#hosts/browser/page-files.ts';
import type { CallInput, CallName, CallOutput, WorkbenchEvent } from '#shared/contract/contract.ts';
import type { WrittenPayload } from '#shared/contract/documents.ts';
import { serve } from '#shared/contract/serve.ts';
import { createConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Result } from '#shared/failure.ts';
import { createWorkbench } from '#workbench/create-workbench.ts';
import type { FileGrants } from '#workbench/file-grants.ts';
import { root } from './build-setup.ts';
import { CertificateFolder } from './certificates.ts';
import { answerOf } from './session.ts';

/** Each secret of the scenario. Only `sent` leaves as bytes of a message. */
export const secrets = {
  kept: 'Kept7391Swordfish',
  sent: 'Sent8402Mackerel',
  passphrase: 'Pass9513Sturgeon',
  header: 'Head1624Barracuda',
  query: 'Path2735Anglerfish',
};
export type SecretName = keyof typeof secrets;

/** Returns the ways in which a text may be written somewhere: as it is, in hex, and in base64 at each of three offsets. */
export function formsOf(secret: string): string[] {
  const hex = Buffer.from(secret).toString('hex');
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.from(`${' '.repeat(offset)}${secret}`).toString('base64');
    // Characters that depend on what is beside the secret.
    return text.slice(offset === 0 ? 0 : 4, -4);
  });
  return [secret, hex, hex.toUpperCase(), ...base64];
}

/** What a call was asked, and what it answered. */
export interface Answered {
  readonly name: CallName;
  readonly input: unknown;
  readonly reply: Result<unknown>;
}

/** A workbench with everything that has a secret, and what its calls have answered. */
export interface Scenario {
  readonly home: string;
  readonly files: FileGrants;
  readonly answers: readonly Answered[];
  readonly events: readonly WorkbenchEvent[];
  readonly environment: string;
  /** The document of the endpoint `tls`. */
  readonly document: string;
  readonly ids: Readonly<Record<'client' | 'tls' | 'broken' | 'ws', string>>;
  readonly sockets: Readonly<Record<'client' | 'ws', number>>;
  readonly port: number;
  readonly session: string;
  /** What a server outside of the workbench has received. */
  received(): string;
  call(name: CallName, input: unknown): Promise<Result<unknown>>;
  value<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>>;
  /** The value of the last answer of `name` that was not a failure. */
  last<Name extends CallName>(name: Name): CallOutput<Name>;
  /** A handle for a new file called `name`. */
  place(name: string): string;
  close(): Promise<unknown>;
}

/** Returns a payload of the environment, with a template. */
export function templateOf(text: string, environment: string): WrittenPayload {
  return { format: 'text', text, encoding: 'utf-8', template: true, environment };
}

/** A server that keeps what it receives, and answers each read. */
async function listening(): Promise<{ readonly port: number; received(): string }> {
  let text = '';
  const open = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      text += data;
      socket.write('ok\n');
    });
  });
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as net.AddressInfo).port, received: () => text };
}

/** Opens what `startSecretScenario` calls, with the calls of the browser host. */
async function openHost(home: string) {
  const workbench = answerOf(await createWorkbench({ home, resources: join(root, 'resources') }));
  const events: WorkbenchEvent[] = [];
  workbench.subscribe((event) => events.push(event));
  const { files } = workbench;
  const downloads = createDownloads(home, files);
  const handlers = { ...workbench.handlers, ...browserCalls(home, files, downloads) };
  const answers: Answered[] = [];
  const call = async (name: CallName, input: unknown) => {
    const reply = await serve(handlers, name, input, (bug, error) => console.error(bug, error));
    answers.push({ name, input, reply });
    return reply;
  };
  const value = async <Name extends CallName>(name: Name, input: CallInput<Name>) =>
    answerOf(await call(name, input)) as CallOutput<Name>;
  const last = <Name extends CallName>(name: Name): CallOutput<Name> => {
    const found = answers.findLast((one) => one.name === name && one.reply.ok);
    if (!found?.reply.ok) throw new Error(`${name} has not answered`);
    return found.reply.value as CallOutput<Name>;
  };
  const close = async () => {
    await downloads.close();
    return await workbench.close();
  };
  return { files, events, answers, call, value, last, close };
}

/** Creates the endpoints with secrets: a TLS server, one whose passphrase is wrong, and a WebSocket client that is connected. */
async function openEndpoints({ files, value }: Awaited<ReturnType<typeof openHost>>) {
  using folder = new CertificateFolder();
  const { certificate, key } = await folder.leaf();
  const form = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: secrets.passphrase } as const;
  const locked = folder.file('locked.pem', String(createPrivateKey(readFileSync(key)).export(form)));
  const tls = { certificate: files.grantRead(certificate), key: files.grantRead(locked) };
  const server = (passphrase: string) =>
    value('endpoints.create', createConfig('server', 'tls', { port: 0, tls: { ...tls, passphrase } }));
  const [secure, broken] = [await server(secrets.passphrase), await server(`${secrets.passphrase}-wrong`)];
  await value('endpoints.open', { id: secure.id });
  const web = await value('endpoints.create', createConfig('server', 'ws', { port: 0, ws: { path: '/chat' } }));
  const { address } = await value('endpoints.open', { id: web.id });
  const request = { path: `/chat?token=${secrets.query}`, headers: [`Authorization: Bearer ${secrets.header}`] };
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  const ws = await value('endpoints.create', createConfig('client', 'ws', { port, ws: request }));
  const { socket } = await value('endpoints.open', { id: ws.id });
  return { tls: secure, broken: broken.id, ws: ws.id, wsSocket: socket };
}

/** Starts a workbench on `home` in which each secret was used as it may be. */
export async function startSecretScenario(home: string): Promise<Scenario> {
  const host = await openHost(home);
  const { value } = host;
  const environment = 'environments/lab.yaml';
  const bytes = Buffer.from('variables:\n  device: boiler\nsecrets: [kept, sent]\n');
  await value('documents.write', { path: environment, bytes, basedOn: 'new' });
  for (const name of ['kept', 'sent'] as const) await value('secrets.set', { environment, name, value: secrets[name] });
  const { port, received } = await listening();
  const { id } = await value('endpoints.create', createConfig('client', 'tcp', { port }));
  const { socket } = await value('endpoints.open', { id });
  const { tls, broken, ws, wsSocket } = await openEndpoints(host);
  const document = 'endpoints/secure.yaml';
  const stored = { kind: 'endpoint', config: tls.config } as const;
  await value('documents.put', { path: document, value: stored, basedOn: 'new', endpoint: tls.id });
  await value('sockets.send', { sockets: [socket], payload: templateOf('{{ sent }}', environment), frame: false });
  const { sessions } = await value('app.snapshot', {});
  return {
    ...host,
    ...{ home, environment, document, port, received },
    ids: { client: id, tls: tls.id, broken, ws },
    sockets: { client: socket, ws: wsSocket },
    session: sessions[0]?.id ?? '',
    place: (name) => host.files.grantSave({ path: join(home, name), existing: 'replace', life: 'lasting' }),
  };
}
