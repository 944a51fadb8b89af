import type { Handlers } from '#shared/contract/serve.ts';
import { workspaceCalls } from '#shared/contract/workspace.ts';
import { fail } from '#shared/failure.ts';

type WorkspaceHandlers = Pick<Handlers, keyof typeof workspaceCalls>;

/** Answers the calls about the workspace. */
export function workspaceHandlers(): WorkspaceHandlers {
  const refuse = () => fail('unsupported', 'Could not use the workspace', { system: 'no workspace is open', hint: '' });
  return Object.fromEntries(Object.keys(workspaceCalls).map((name) => [name, refuse])) as never;
}
