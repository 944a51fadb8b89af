import { act, screen, waitFor } from '@testing-library/react';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DocumentValue } from '#shared/contract/documents.ts';
import { ok } from '#shared/failure.ts';
import { renderPart, show } from '#support/render.tsx';
import { actionById } from '../../../../../src/renderer/actions/actions.ts';
import { Dialogs, loadParts } from '../../../../../src/renderer/app/lazy-parts.tsx';
import { Toolbar } from '../../../../../src/renderer/app/shell.tsx';
import { WorkspaceMenu } from '../../../../../src/renderer/features/workspace/workspace-menu.tsx';
import { runAction } from '../../../../../src/renderer/state/action.ts';
import { inputsOf } from '../../fake-endpoints.ts';
import type { Answers } from '../../fake-services.ts';
import { FakeWorkspace } from '../../fake-workspace.ts';

beforeAll(loadParts);

type Environment = Extract<DocumentValue, { kind: 'environment' }>;

const path = 'environments/lab.yaml';
const lab: Environment = {
  kind: 'environment',
  name: 'Lab',
  variables: [{ name: 'host', value: '10.0.0.7' }],
  secrets: ['token'],
};

async function page(workspace: FakeWorkspace, answers: Answers = {}) {
  const host = await workspace.host(answers);
  show(host.services, {});
  const user = renderPart(
    host.services,
    <>
      <Toolbar />
      <WorkspaceMenu />
      <Dialogs />
    </>,
  );
  await screen.findByRole('button', { name: 'Workspace: w1' });
  return { ...host, user };
}

describe('the menu of the workspace', () => {
  test('lists the recent ones, and opens one', async () => {
    const recent = { name: 'plant', folder: '/work/plant', openedAt: 1, isMissing: false };
    const gone = { ...recent, id: 'w3', name: 'gone', isMissing: true };
    const workspace = new FakeWorkspace();
    const { user, calls } = await page(workspace, {
      'workspace.recent': () => ok({ workspaces: [{ ...recent, id: 'w1' }, { ...recent, id: 'w2' }, gone] }),
    });
    await user.click(screen.getByRole('button', { name: 'Workspace: w1' }));
    expect(await screen.findByRole('menuitem', { name: /Open gone/ })).toHaveProperty('disabled', true);
    await user.click(screen.getByRole('menuitem', { name: /Open plant/ }));
    await waitFor(() => expect(inputsOf({ calls }, 'workspace.open')).toEqual([{ id: 'w2' }]));
  });

  test('shows why the workspace cannot be read', async () => {
    const { push } = await page(new FakeWorkspace());
    const problem = {
      code: 'file',
      message: 'Could not read the workspace',
      system: 'ENOENT',
      hint: 'Create it again.',
    };
    act(() => push({ kind: 'workspace', replaced: false, changed: [], removed: [], problem }));
    screen.getByText('ENOENT');
    screen.getByText('Create it again.');
  });

  test('asks for the name of a new one', async () => {
    const workspace = new FakeWorkspace();
    const { user, services, calls } = await page(workspace);
    act(() => runAction(actionById('new-workspace'), services));
    await user.type(await screen.findByRole('textbox', { name: 'Name' }), ' plant ');
    await user.click(screen.getByRole('button', { name: 'Create' }));
    expect(inputsOf({ calls }, 'workspace.create')).toEqual([{ name: 'plant' }]);
    await screen.findByText('no answer for workspace.create');
  });
});

describe('the environments', () => {
  async function dialog(workspace = new FakeWorkspace({ [path]: lab })) {
    const host = await page(workspace);
    act(() => runAction(actionById('edit-environments'), host.services));
    await screen.findByRole('textbox', { name: 'Value of host' });
    return { ...host, workspace };
  }

  test('are selected in the toolbar', async () => {
    const { user, services } = await page(new FakeWorkspace({ [path]: lab }));
    act(() => runAction(actionById('select-environment'), services));
    await user.click(await screen.findByRole('menuitem', { name: 'Lab' }));
    expect(services.workspace.getState().environment).toBe(path);
    screen.getByRole('button', { name: 'Environment: Lab' });
  });

  test('have variables that are added, changed and saved', async () => {
    const { user, workspace } = await dialog();
    await user.type(screen.getByRole('textbox', { name: 'Value of host' }), '0');
    await user.click(screen.getByRole('button', { name: 'Add variable' }));
    await user.type(screen.getByRole('textbox', { name: 'Name of variable' }), '9');
    screen.getByText(/begins with a letter/);
    expect(screen.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true);
    await user.clear(screen.getByRole('textbox', { name: 'Name of variable 9' }));
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(workspace.documents.get(path)?.value).toEqual({
        ...lab,
        variables: [{ name: 'host', value: '10.0.0.70' }],
      }),
    );
  });

  test('keep unsaved changes when the dialog is closed', async () => {
    const { user, services } = await dialog();
    await user.type(screen.getByRole('textbox', { name: 'Value of host' }), '0');
    await user.click(screen.getByRole('button', { name: 'Close' }));
    act(() => runAction(actionById('edit-environments'), services));
    expect(await screen.findByRole('textbox', { name: 'Value of host' })).toHaveProperty('value', '10.0.0.70');
  });

  test('have secrets whose values are only set', async () => {
    const { user, workspace } = await dialog();
    screen.getByText('not set on this machine');
    await user.type(screen.getByLabelText('Value of secret token'), 's3cr3t');
    await user.click(screen.getByRole('button', { name: 'Set token' }));
    await screen.findByText('set on this machine');
    expect(workspace.secrets.get('token')).toBe('s3cr3t');
    expect(screen.getByLabelText('Value of secret token')).toHaveProperty('value', '');
    expect(JSON.stringify([...workspace.documents])).not.toContain('s3cr3t');
  });

  test('get a new secret in the document and its value on this machine', async () => {
    const { user, workspace } = await dialog();
    await user.type(screen.getByRole('textbox', { name: 'Name of the new secret' }), 'pin');
    await user.type(screen.getByLabelText('Value of the new secret'), '1234');
    await user.click(screen.getByRole('button', { name: 'Add secret' }));
    await waitFor(() => expect(workspace.secrets.get('pin')).toBe('1234'));
    expect(workspace.documents.get(path)?.value).toMatchObject({ secrets: ['token', 'pin'] });
  });

  test('ask what to do if the file has changed, and save over it when the user decides so', async () => {
    const { user, workspace } = await dialog();
    await user.type(screen.getByRole('textbox', { name: 'Value of host' }), '0');
    const theirs = { ...lab, variables: [{ name: 'host', value: 'theirs' }] };
    act(() => workspace.write(path, theirs));
    await user.click(await screen.findByRole('button', { name: 'Keep mine' }));
    await waitFor(() =>
      expect(workspace.documents.get(path)?.value).toMatchObject({ variables: [{ value: '10.0.0.70' }] }),
    );
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('take the version of the file when the user decides so', async () => {
    const { user, workspace } = await dialog();
    await user.type(screen.getByRole('textbox', { name: 'Value of host' }), '0');
    act(() => workspace.write(path, { ...lab, variables: [{ name: 'host', value: 'theirs' }] }));
    await user.click(await screen.findByRole('button', { name: 'Take theirs' }));
    await waitFor(() =>
      expect(screen.getByRole('textbox', { name: 'Value of host' })).toHaveProperty('value', 'theirs'),
    );
  });
});
