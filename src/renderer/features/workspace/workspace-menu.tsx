import { ChevronDown, FolderGit2 } from 'lucide-react';
import { useRef, useState } from 'react';
import type { CallOutput } from '#shared/contract/contract.ts';
import { canRun, contextOf, listed } from '../../state/action.ts';
import { useServices, useWorkspace } from '../../state/services.ts';
import { FailureBox } from '../../ui/fallback.tsx';
import { Menu, type MenuItem } from '../../ui/popover.tsx';
import { shownText } from '../../ui/text.ts';
import { strings } from './strings.ts';
import styles from './workspace.module.css';
import { openWorkspace, workspaceActions } from './workspace-commands.ts';

const { menu: words } = strings;

type Recent = CallOutput<'workspace.recent'>['workspaces'];

/** The actions of the menu, below the recent workspaces. */
const shown = ['new-workspace', 'open-workspace', 'default-workspace', 'copy-workspace-path', 'rescan-workspace'];

/** The name of the open workspace with a menu, and why the workspace cannot be read. */
export function WorkspaceMenu() {
  const services = useServices();
  const view = useWorkspace((workspace) => workspace.view);
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [recent, setRecent] = useState<Recent>([]);
  if (!view) return null;
  const show = async () => {
    const answer = await services.client.call('workspace.recent', {});
    setRecent(answer.ok ? answer.value.workspaces.filter(({ id }) => id !== view.id) : []);
    setOpen(true);
  };
  const context = contextOf(services);
  const actions = workspaceActions.filter((one) => shown.includes(one.id) && canRun(one, context));
  const items = (): MenuItem[] => [
    ...recent.map(({ id, name, folder, isMissing }) => ({
      id,
      label: words.recent(shownText(name)),
      detail: isMissing ? words.missing : shownText(folder),
      disabled: isMissing,
      run: () => void openWorkspace(services, { id }),
    })),
    ...listed(actions, context).map((item, index) => ({ ...item, ruled: index === 0 && recent.length > 0 })),
  ];
  const name = shownText(view.name);
  return (
    <div className={styles.workspace}>
      <button
        ref={anchor}
        type="button"
        className={styles.name}
        data-focus="workspace"
        aria-label={words.label(name)}
        aria-haspopup="menu"
        aria-expanded={open}
        title={shownText(view.folder)}
        onClick={() => void show()}
      >
        <FolderGit2 size={14} aria-hidden />
        <span className={styles.text}>{name}</span>
        <ChevronDown size={12} aria-hidden />
      </button>
      <Menu
        open={open}
        onClose={() => setOpen(false)}
        anchor={anchor}
        label={words.title}
        items={open ? items() : []}
      />
      {view.problem ? <FailureBox failure={view.problem} /> : null}
    </div>
  );
}
