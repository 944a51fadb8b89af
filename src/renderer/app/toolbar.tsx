import {
  Command,
  FolderOpen,
  Monitor,
  Moon,
  PanelBottom,
  PanelLeft,
  PanelRight,
  Play,
  Plug,
  Save,
  Settings,
  Sun,
} from 'lucide-react';
import type { ReactNode } from 'react';

import { actionById } from '../actions/actions.ts';
import { isMac, keysText } from '../actions/shortcuts.ts';
import { contextOf, runAction, textIn } from '../state/action.ts';
import { useServices, useSettings } from '../state/services.ts';
import { isOpen, type Theme, useNarrow } from '../state/settings.ts';
import { Button, IconButton } from '../ui/button.tsx';
import styles from './toolbar.module.css';

const size = 14;

const themes: Readonly<Record<Theme, { label: string; icon: ReactNode }>> = {
  system: { label: 'Theme: system', icon: <Monitor size={size} aria-hidden /> },
  dark: { label: 'Theme: dark', icon: <Moon size={size} aria-hidden /> },
  light: { label: 'Theme: light', icon: <Sun size={size} aria-hidden /> },
};

/** The actions that are always available. */
export function Toolbar() {
  const settings = useSettings((state) => state);
  const narrow = useNarrow();
  const { theme } = settings;
  return (
    <header className={styles.toolbar}>
      <ActionButton id="launch-server" icon={<Play size={size} aria-hidden />} />
      <ActionButton id="connect" icon={<Plug size={size} aria-hidden />} />
      <span className={styles.rule} />
      <ActionButton id="open-session" icon={<FolderOpen size={size} aria-hidden />} />
      <ActionButton id="save-session" icon={<Save size={size} aria-hidden />} />
      <span className={styles.spacer} />
      <PaletteButton />
      <ActionIcon
        id="toggle-sidebar"
        label={isOpen(settings, 'sidebar', narrow) ? 'Hide side bar' : 'Show side bar'}
        icon={<PanelLeft size={size} aria-hidden />}
      />
      <ActionIcon
        id="toggle-composer"
        label={isOpen(settings, 'composer', narrow) ? 'Hide composer' : 'Show composer'}
        icon={<PanelBottom size={size} aria-hidden />}
      />
      <ActionIcon
        id="toggle-inspector"
        label={isOpen(settings, 'inspector', narrow) ? 'Hide inspector' : 'Show inspector'}
        icon={<PanelRight size={size} aria-hidden />}
      />
      <ActionIcon id="theme" label={themes[theme].label} icon={themes[theme].icon} />
      <ActionIcon id="settings" label="Settings" icon={<Settings size={size} aria-hidden />} />
    </header>
  );
}

function ActionButton({ id, icon }: { readonly id: string; readonly icon: ReactNode }) {
  const services = useServices();
  const action = actionById(id);
  const label = textIn(action.label, contextOf(services));
  const keys = action.keys === undefined ? undefined : keysText(action.keys, isMac);
  return (
    <Button variant="ghost" aria-label={label} title={keys} onClick={() => runAction(action, services)}>
      {icon} <span className={styles.label}>{label}</span>
    </Button>
  );
}

function ActionIcon({ id, label, icon }: { readonly id: string; readonly label: string; readonly icon: ReactNode }) {
  const services = useServices();
  const action = actionById(id);
  const keys = action.keys === undefined ? undefined : keysText(action.keys, isMac);
  return (
    <IconButton label={label} hint={keys} onClick={() => runAction(action, services)}>
      {icon}
    </IconButton>
  );
}

function PaletteButton() {
  const services = useServices();
  const action = actionById('palette');
  const label = textIn(action.label, contextOf(services));
  return (
    <Button variant="ghost" aria-label={label} className={styles.palette} onClick={() => runAction(action, services)}>
      <Command size={size} aria-hidden />
      <span className={styles.label}>Commands</span>
      <kbd className={styles.keys}>{keysText(action.keys ?? '', isMac)}</kbd>
    </Button>
  );
}
