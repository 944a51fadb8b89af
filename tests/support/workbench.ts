import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { CallInput, CallName, CallOutput, WorkbenchEvent } from '#shared/contract/contract.ts';
import type { SessionView } from '#shared/contract/models.ts';
import { serve } from '#shared/contract/serve.ts';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { createWorkbench } from '#workbench/create-workbench.ts';
import type { FileGrants } from '#workbench/file-grants.ts';
import type { HostCall, Workbench } from '#workbench/workbench.ts';
import { root } from './build-setup.ts';
import { answerOf } from './session.ts';

const patience = { timeout: 30_000, interval: 5 };

type Called = Exclude<CallName, HostCall>;

/** A whole workbench over a folder, called as hosts call it. */
export interface TestWorkbench {
  readonly home: string;
  /** Grants what a host grants. */
  readonly files: FileGrants;
  /** The handle of a place at `path`, as a dialog of the system gives it. */
  place(path: string): string;
  /** What was pushed so far. */
  readonly events: readonly WorkbenchEvent[];
  call<Name extends Called>(name: Name, input: CallInput<Name>): ReturnType<typeof serve>;
  /** The value of a call that must not fail. */
  value<Name extends Called>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>>;
  recording(): Promise<SessionView>;
  /** Has `messages` received by a server of the workbench, and recorded. */
  receive(messages: readonly string[]): Promise<void>;
  close(): ReturnType<Workbench['close']>;
}

/** A folder for the app's data, deleted when the test has ended. */
export async function testHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'wirebench-home-'));
  onTestFinished(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  return home;
}

/** Starts a workbench on `home`; it is closed when the test has ended, if it is not before. */
export async function startWorkbench(home: string): Promise<TestWorkbench> {
  const workbench: Workbench = answerOf(await createWorkbench({ home, resources: join(root, 'resources') }));
  const events: WorkbenchEvent[] = [];
  workbench.subscribe((event) => events.push(event));
  let closing: ReturnType<Workbench['close']> | undefined;
  const close = () => {
    closing ??= workbench.close();
    return closing;
  };
  onTestFinished(async () => void (await close()));
  const call: TestWorkbench['call'] = (name, input) => {
    const handlers = workbench.handlers as Parameters<typeof serve>[0];
    return serve(handlers, name, input, (bug, error) => console.error(bug, error));
  };
  const value = async <Name extends Called>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>> =>
    answerOf(await call(name, input)) as CallOutput<Name>;
  const recording = async () => {
    const { sessions } = await value('app.snapshot', {});
    const found = sessions.find(({ state }) => state !== 'read-only');
    if (!found) throw new Error('nothing is recorded');
    return found;
  };
  const receive = async (messages: readonly string[]) => {
    const { id } = await value('endpoints.create', { ...defaultServer, port: 0, behaviour: { kind: 'silent' } });
    const { address } = await value('endpoints.open', { id });
    const before = (await recording()).total;
    const socket = net.connect(Number(address.slice(address.lastIndexOf(':') + 1)), '127.0.0.1');
    for (const message of messages) {
      const { bytes } = await recording();
      socket.write(message);
      await vi.waitUntil(async () => (await recording()).bytes >= bytes + Buffer.byteLength(message), patience);
    }
    socket.end();
    await vi.waitUntil(async () => (await recording()).total >= before + messages.length + 3, patience);
    await value('endpoints.close', { id });
  };
  const { files } = workbench;
  const place = (path: string) => files.grantSave({ path, existing: 'replace', life: 'lasting' });
  return { home, files, place, events, call, value, recording, receive, close };
}
