import { Braces, ChevronDown } from 'lucide-react';
import { useRef, useState } from 'react';
import { contextOf, listed } from '../../state/action.ts';
import { useServices, useWorkspace } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { Menu, type MenuItem } from '../../ui/popover.tsx';
import { shownText } from '../../ui/text.ts';
import { environmentName, environmentsOf } from './environments.ts';
import { strings } from './strings.ts';
import styles from './workspace.module.css';
import { workspaceActions } from './workspace-commands.ts';

const { environment: words } = strings;

/** The environment whose variables templates get, with a menu to select another one. */
export function EnvironmentPicker({ hint }: { readonly hint: string }) {
  const services = useServices();
  const hasWorkspace = useWorkspace((workspace) => workspace.view !== undefined);
  const documents = useWorkspace((workspace) => workspace.documents);
  const selected = useWorkspace((workspace) => workspace.environment);
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  if (!hasWorkspace) return null;
  const view = selected === undefined ? undefined : documents.get(selected);
  const name = view ? shownText(environmentName(view)) : '';
  const select = (environment: string | undefined) => services.workspace.setState({ environment });
  const items = (): MenuItem[] => {
    const edit = workspaceActions.filter(({ id }) => id === 'edit-environments');
    return [
      ...environmentsOf(documents)
        .filter(({ problem }) => !problem)
        .map((one) => ({
          id: one.path,
          label: shownText(environmentName(one)),
          detail: one.path === selected ? words.selected : '',
          run: () => select(one.path),
        })),
      {
        id: 'none',
        label: words.none,
        detail: selected === undefined ? words.selected : '',
        run: () => select(undefined),
      },
      ...listed(edit, contextOf(services)).map((item) => ({ ...item, ruled: true })),
    ];
  };
  const label = name === '' ? words.none : words.picker(name);
  return (
    <>
      <Button
        ref={anchor}
        variant="ghost"
        className={styles.picker}
        data-focus="environment"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        title={`${label} (${hint})`}
        onClick={() => setOpen(true)}
      >
        <Braces size={14} aria-hidden />
        {name === '' ? null : <span className={styles.text}>{name}</span>}
        <ChevronDown size={12} aria-hidden />
      </Button>
      <Menu
        open={open}
        onClose={() => setOpen(false)}
        anchor={anchor}
        align="end"
        label={words.label}
        items={open ? items() : []}
      />
    </>
  );
}
