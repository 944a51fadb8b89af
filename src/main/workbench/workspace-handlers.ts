import type { Engine } from '#engine/engine.ts';
import type { Handlers } from '#shared/contract/serve.ts';
import type { workspaceCalls } from '#shared/contract/workspace.ts';
import { missingSecrets } from '#shared/endpoint/secrets.ts';
import { ok, type Result } from '#shared/failure.ts';
import type { FileGrants } from './file-grants.ts';
import type { OpenWorkspace } from './open-workspace.ts';
import type { Workspaces, WorkspacesOptions } from './workspaces.ts';
import type { WrittenPayloads } from './written-payloads.ts';

type WorkspaceHandlers = Pick<Handlers, keyof typeof workspaceCalls | 'endpoints.createFrom'>;

/** What belongs to the workspace. It is loaded with the first call about it, so that the start does not wait for it. */
export class WorkspaceHost {
  readonly #options: WorkspacesOptions;
  #loaded: Promise<Workspaces> | undefined;

  constructor(options: WorkspacesOptions) {
    this.#options = options;
  }

  workspaces(): Promise<Workspaces> {
    this.#loaded ??= import('./workspaces.ts').then((module) => new module.Workspaces(this.#options));
    return this.#loaded;
  }

  /** Returns the open workspace. Fails as `Workspaces.current` does. */
  async current(): Promise<Result<OpenWorkspace>> {
    return await (await this.workspaces()).current();
  }

  /** Returns true if something of it was used. */
  get isLoaded(): boolean {
    return this.#loaded !== undefined;
  }

  async close(): Promise<void> {
    await (await this.#loaded)?.close();
  }
}

interface Parts {
  readonly host: WorkspaceHost;
  readonly engine: Engine;
  readonly files: FileGrants;
  readonly payloads: WrittenPayloads;
}

/** Returns the handlers of the calls about the workspace and its documents. */
export function workspaceHandlers(parts: Parts): WorkspaceHandlers {
  return { ...placeHandlers(parts), ...documentHandlers(parts), ...machineHandlers(parts) };
}

/** Answers the calls about the workspace as a whole. */
function placeHandlers({ host }: Parts) {
  return {
    'workspace.get': async () => {
      const open = await host.current();
      return open.ok ? ok(await open.value.view()) : open;
    },
    'workspace.recent': async () => ok(await (await host.workspaces()).recent()),
    'workspace.open': async (input) => {
      const open = await (await host.workspaces()).open(input);
      return open.ok ? ok(await open.value.view()) : open;
    },
    'workspace.create': async (input) => {
      const open = await (await host.workspaces()).create(input);
      return open.ok ? ok(await open.value.view()) : open;
    },
    'workspace.forget': async ({ id }) => done(await (await host.workspaces()).kept.forget(id)),
    'workspace.rescan': async () => {
      if (host.isLoaded) await (await host.workspaces()).rescan();
      return ok({});
    },
    'layout.get': async () => {
      const open = await host.current();
      if (!open.ok) return open;
      const { kept } = await host.workspaces();
      return ok({ layout: (await kept.layout(open.value.files.id)) ?? null });
    },
    'layout.keep': async ({ layout }) => {
      const open = await host.current();
      if (!open.ok) return open;
      const { kept } = await host.workspaces();
      return done(await kept.keepLayout(open.value.files.id, layout ?? null));
    },
  } satisfies Partial<Handlers>;
}

/** Answers the calls about documents. */
function documentHandlers({ host, engine, files }: Parts) {
  /** Runs `act` on the open workspace. */
  const on = async <T>(act: (workspace: OpenWorkspace) => Promise<Result<T>>): Promise<Result<T>> => {
    const open = await host.current();
    return open.ok ? await act(open.value) : open;
  };
  const content = async () => {
    const { DocumentContent } = await import('./document-content.ts');
    return new DocumentContent(files, (id) => engine.config(id));
  };
  return {
    'documents.read': ({ path }) => on((workspace) => workspace.read(path)),
    'documents.write': ({ path, bytes, basedOn }) => on((workspace) => workspace.write(path, bytes, basedOn)),
    'documents.value': ({ path }) => on(async (workspace) => (await content()).value(workspace, path)),
    'documents.put': (input) => on(async (workspace) => (await content()).put(workspace, input)),
    'documents.createFolder': ({ path }) =>
      on(async (workspace) => {
        const created = await workspace.files.createFolder(path);
        workspace.changed();
        return done(created);
      }),
    'documents.move': ({ moves }) =>
      on(async (workspace) => done(await (await import('./document-moves.ts')).moveDocuments(workspace, moves))),
    'documents.duplicate': ({ path }) =>
      on(async (workspace) => (await import('./document-moves.ts')).duplicateDocument(workspace, path)),
    'documents.remove': ({ paths }) =>
      on(async (workspace) => (await import('./document-moves.ts')).removeDocuments(workspace, paths)),
    'documents.restore': ({ undo }) =>
      on(async (workspace) => {
        const restored = await workspace.files.restore(undo);
        workspace.changed();
        return done(restored);
      }),
    'endpoints.createFrom': ({ path }) =>
      on(async (workspace) => {
        const config = await (await content()).config(workspace, path);
        if (!config.ok) return config;
        const error = missingSecrets(config.value);
        return error ? { ok: false, error } : ok(engine.create(config.value));
      }),
  } satisfies Partial<Handlers>;
}

/** Answers the calls about what this machine keeps of a workspace, and what payloads are sent as. */
function machineHandlers({ host, payloads }: Parts) {
  const on = async <T>(act: (workspace: OpenWorkspace) => Promise<Result<T>>): Promise<Result<T>> => {
    const open = await host.current();
    return open.ok ? await act(open.value) : open;
  };
  const scopeOf = async (environment: string) => (await import('#workspace/kept-values.ts')).secretScopeOf(environment);
  return {
    'drafts.list': ({ page }) =>
      on(async (workspace) => {
        const found = await workspace.draftsOf(page).list();
        if (!found.ok) return found;
        const kept = found.value.drafts.map((draft) => ({
          ...draft,
          details: Object(draft.details) as Record<string, unknown>,
        }));
        return ok({ drafts: kept, problems: [...found.value.problems] });
      }),
    'drafts.keep': ({ page, takesOver, ...draft }) =>
      on(async (workspace) => done(await workspace.draftsOf(page).keep(draft, takesOver))),
    'drafts.drop': ({ page, key }) => on(async (workspace) => done(await workspace.draftsOf(page).drop(key))),
    'drafts.end': ({ page }) =>
      on(async (workspace) => {
        await workspace.endPage(page);
        return ok({});
      }),

    'secrets.names': ({ environment }) =>
      on(async ({ secrets }) => {
        const scope = await scopeOf(environment);
        const names = scope.ok ? await secrets.names(scope.value) : scope;
        return names.ok ? ok({ names: names.value, protection: secrets.protection }) : names;
      }),
    'secrets.set': ({ environment, name, value }) =>
      on(async ({ secrets }) => {
        const scope = await scopeOf(environment);
        return scope.ok ? done(await secrets.set(scope.value, name, value)) : scope;
      }),
    'secrets.remove': ({ environment, name }) =>
      on(async ({ secrets }) => {
        const scope = await scopeOf(environment);
        return scope.ok ? done(await secrets.remove(scope.value, name)) : scope;
      }),
    'payloads.preview': ({ payload, socket, at }) => payloads.preview(payload, socket, at),
  } satisfies Partial<Handlers>;
}

/** Returns the answer of a call that answers nothing but its failure. */
function done(result: Result<unknown>): Result<Record<string, never>> {
  return result.ok ? ok({}) : result;
}
