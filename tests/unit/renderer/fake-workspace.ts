import type { DocumentValue, DocumentView } from '#shared/contract/documents.ts';
import type { WorkspaceView } from '#shared/contract/workspace.ts';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok } from '#shared/failure.ts';
import { followSaved } from '../../../src/renderer/state/saved-changes.ts';
import { followWorkspace } from '../../../src/renderer/state/workspace.ts';
import { endpointHost } from './fake-endpoints.ts';
import type { Answers, FakeHost } from './fake-services.ts';

type Endpoint = Extract<DocumentValue, { kind: 'endpoint' }>;

/** The content of an endpoint's document. */
export function savedServer(change: object = {}, rest: Omit<Endpoint, 'kind' | 'config'> = {}): Endpoint {
  return { kind: 'endpoint', config: { ...defaultServer, ...change }, ...rest };
}

/** A workspace in memory: a version is a number that grows with each change. */
export class FakeWorkspace {
  readonly documents = new Map<string, { value: DocumentValue; version: string }>();
  readonly secrets = new Map<string, string>();
  readonly removed: string[] = [];
  layout: unknown = null;
  id = 'w1';
  #version = 0;
  #push: FakeHost['push'] = () => {};

  constructor(documents: Readonly<Record<string, DocumentValue>> = {}) {
    for (const [path, value] of Object.entries(documents)) this.#set(path, value);
  }

  /** Starts a page over it, with the workspace loaded. */
  async host(answers: Answers = {}): Promise<FakeHost & { readonly stop: () => void }> {
    const host = endpointHost({ ...this.#answers(), ...answers });
    this.#push = host.push;
    const { client, workspace } = host.services;
    const stops = [followWorkspace(client, workspace), followSaved(host.services)];
    await Promise.resolve();
    await Promise.resolve();
    await client.call('workspace.rescan', {});
    const stop = () => {
      for (const one of stops) one();
    };
    return { ...host, stop };
  }

  /** Another program writes, or deletes, a document. */
  write(path: string, value: DocumentValue | undefined): void {
    if (value) this.#set(path, value);
    else this.documents.delete(path);
    this.#changed([path]);
  }

  /** Another workspace is opened. */
  replace(id: string): void {
    this.id = id;
    this.#push({ kind: 'workspace', replaced: true, changed: [], removed: [] });
  }

  #set(path: string, value: DocumentValue): string {
    this.#version += 1;
    const version = `v${this.#version}`;
    this.documents.set(path, { value, version });
    return version;
  }

  #changed(paths: readonly string[]): void {
    const removed = paths.filter((path) => !this.documents.has(path));
    const changed = paths.flatMap((path) => this.#view(path) ?? []);
    this.#push({ kind: 'workspace', replaced: false, changed, removed });
  }

  #view(path: string): DocumentView | undefined {
    const document = this.documents.get(path);
    if (!document) return undefined;
    const { value, version } = document;
    const common = { path, kind: value.kind, size: 1, version };
    if (value.kind === 'environment') return { ...common, ...(value.name !== undefined && { name: value.name }) };
    if (value.kind !== 'endpoint') return common;
    const { name, role, transport, host, port } = value.config;
    const { colour } = value;
    return { ...common, endpoint: { name, role, transport, address: `${host}:${port}`, ...(colour && { colour }) } };
  }

  #get(): WorkspaceView {
    const documents = [...this.documents.keys()].flatMap((path) => this.#view(path) ?? []);
    return { id: this.id, name: this.id, folder: `/home/me/${this.id}`, isDefault: this.id === 'w1', documents };
  }

  #answers(): Answers {
    return {
      'workspace.get': () => ok(this.#get()),
      'workspace.rescan': () => ok({}),
      'workspace.recent': () => ok({ workspaces: [] }),
      'layout.get': () => ok({ layout: this.layout }),
      'layout.keep': ({ layout }) => {
        this.layout = structuredClone(layout);
        return ok({});
      },
      'documents.value': ({ path }) => {
        const document = this.documents.get(path);
        return document ? ok({ ...document, notices: [], missing: [] }) : fail('not-found', `no ${path}`);
      },
      'documents.put': ({ path, value, basedOn }) => {
        const before = this.documents.get(path);
        if ((before?.version ?? 'new') !== basedOn) {
          return ok({
            kind: 'conflict',
            ...(before && { theirs: { version: before.version, bytes: new Uint8Array() } }),
          });
        }
        const version = this.#set(path, value);
        this.#changed([path]);
        return ok({ kind: 'saved', version });
      },
      'documents.move': ({ moves }) => {
        for (const { from, to } of moves) {
          const document = this.documents.get(from);
          if (!document) return fail('not-found', `no ${from}`);
          this.documents.delete(from);
          this.documents.set(to, document);
          this.#changed([from, to]);
        }
        return ok({});
      },
      'documents.remove': ({ paths }) => {
        this.removed.push(...paths);
        for (const path of paths) this.documents.delete(path);
        this.#changed(paths);
        return ok({ undo: 'u1' });
      },
      'secrets.names': () => ok({ names: [...this.secrets.keys()], protection: 'file' }),
      'secrets.set': ({ name, value }) => {
        this.secrets.set(name, value);
        return ok({});
      },
      'secrets.remove': ({ name }) => {
        this.secrets.delete(name);
        return ok({});
      },
      'endpoints.createFrom': () => fail('not-found', 'no secrets'),
    };
  }
}
