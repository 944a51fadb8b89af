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
import { type ReactNode, Suspense, useEffect, useRef } from 'react';
import { Group, type Layout, Panel, Separator, usePanelRef } from 'react-resizable-panels';
import { actionById } from '../actions/actions.ts';
import { libraryItems, sendPayloadFile } from '../actions/library-actions.ts';
import { isMac, keysText, useShortcuts } from '../actions/shortcuts.ts';
import { sendDraft } from '../features/composer/send-command.ts';
import { LessonsLink, LessonsOffer, LessonsPage } from '../features/lessons/lessons-page.tsx';
import { Library } from '../features/library/library.tsx';
import { ListsSection } from '../features/lists/lists-section.tsx';
import { Notices } from '../features/notices/notices.tsx';
import { RecordingAlert } from '../features/sessions/recording-alert.tsx';
import { RecentSessions } from '../features/sessions/session-entry.tsx';
import { Sidebar } from '../features/sidebar/sidebar.tsx';
import { StartPage } from '../features/start/start-page.tsx';
import { StatusBar } from '../features/status/status-bar.tsx';
import { EnvironmentPicker } from '../features/workspace/environment-picker.tsx';
import { WorkspaceMenu } from '../features/workspace/workspace-menu.tsx';
import { contextOf, runAction, textIn } from '../state/action.ts';
import { useServices, useSettings, useTabs } from '../state/services.ts';
import { isOpen, setLayout, sizeOf, type Theme, useNarrow } from '../state/settings.ts';
import { activeTab } from '../state/tabs.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { CrashPane, ErrorBoundary } from './crash-page.tsx';
import { useDroppedFiles } from './dropped-files.ts';
import {
  Dialogs,
  EndpointPage,
  Inspector,
  ListPage,
  loadPartsWhenIdle,
  ProgramPage,
  SessionPage,
} from './lazy-parts.tsx';
import { useRestoredTabs } from './restored-tabs.ts';
import { TabBar } from './tab-bar.tsx';
import styles from './window.module.css';

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
      <EnvironmentPicker hint={keysText(actionById('select-environment').keys ?? '', isMac)} />
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

const crashPane = (error: unknown, retry: () => void) => <CrashPane error={error} onRetry={retry} />;

/** The window: toolbar, side bar, tabs with their pages, inspector, status bar. */
export function Shell() {
  const services = useServices();
  useShortcuts(services);
  useRestoredTabs(services);
  useDroppedFiles(services);
  useEffect(loadPartsWhenIdle, []);
  const tab = useTabs(activeTab);
  const settings = useSettings((state) => state);
  const page = useRef<HTMLDivElement>(null);
  const id = tab?.id;
  // The focused element was on the previous page: the Tab key continues here, not at the top of the window.
  useEffect(() => {
    if (id !== undefined && document.activeElement === document.body) page.current?.focus();
  }, [id]);
  const narrow = useNarrow();
  const sidebar = usePanelRef();
  const inspector = usePanelRef();
  const hasSidebar = isOpen(settings, 'sidebar', narrow);
  const hasRecords = tab?.kind === 'endpoint' || tab?.kind === 'session' || tab?.kind === 'program';
  const hasInspector = hasRecords && isOpen(settings, 'inspector', narrow);
  // Only sizes set by the user are stored, not those forced by a small window.
  const remember = (_layout: Layout, { isUserInteraction }: { isUserInteraction: boolean }) => {
    if (!isUserInteraction) return;
    for (const [name, panel] of [['sidebar', sidebar] as const, ['inspector', inspector] as const]) {
      if (panel.current) setLayout(services.settings, name, Math.round(panel.current.getSize().inPixels));
    }
  };

  return (
    <>
      <Toolbar />
      <RecordingAlert />
      <Group className={styles.main} orientation="horizontal" onLayoutChanged={remember}>
        {hasSidebar ? (
          <>
            <Panel
              id="sidebar"
              defaultSize={sizeOf(settings, 'sidebar', 240)}
              minSize={168}
              maxSize={440}
              groupResizeBehavior="preserve-pixel-size"
              panelRef={sidebar}
            >
              <ErrorBoundary fallback={crashPane}>
                <div className={styles.side}>
                  <WorkspaceMenu />
                  <Sidebar />
                  <Library
                    items={(paths) => libraryItems(services, paths)}
                    send={(path) => void sendPayloadFile(services, path)}
                  />
                  <ListsSection />
                  <LessonsLink />
                </div>
              </ErrorBoundary>
            </Panel>
            <Separator className={styles.upright} aria-label="Width of the side bar" />
          </>
        ) : null}
        <Panel id="page" minSize={360}>
          <div className={styles.page}>
            <TabBar />
            <div ref={page} className={styles.content} role="tabpanel" id="page-panel" aria-label="Page" tabIndex={-1}>
              <ErrorBoundary key={tab?.kind === 'endpoint' ? 'endpoint' : tab?.id} fallback={crashPane}>
                {tab?.kind === 'start' ? (
                  <StartPage
                    key={tab.id}
                    recent={
                      <>
                        <LessonsOffer />
                        <RecentSessions />
                      </>
                    }
                    sendPayload={(to) => sendDraft(services, to, { anyway: false })}
                  />
                ) : null}
                <Suspense>
                  {tab?.kind === 'endpoint' ? <EndpointPage tab={tab} /> : null}
                  {tab?.kind === 'send-list' ? <ListPage key={tab.path} path={tab.path} /> : null}
                  {tab?.kind === 'lessons' ? <LessonsPage /> : null}
                  {tab?.kind === 'session' ? <SessionPage tab={tab} /> : null}
                  {tab?.kind === 'program' ? <ProgramPage key={tab.id} tab={tab} /> : null}
                </Suspense>
              </ErrorBoundary>
            </div>
          </div>
        </Panel>
        {hasInspector ? (
          <>
            <Separator className={styles.upright} aria-label="Width of the inspector" />
            <Panel
              id="inspector"
              defaultSize={sizeOf(settings, 'inspector', 328)}
              minSize={240}
              maxSize={900}
              groupResizeBehavior="preserve-pixel-size"
              panelRef={inspector}
            >
              <ErrorBoundary fallback={crashPane}>
                <Suspense>
                  <Inspector tab={tab.id} />
                </Suspense>
              </ErrorBoundary>
            </Panel>
          </>
        ) : null}
      </Group>
      <Notices />
      <StatusBar />
      <Dialogs />
    </>
  );
}
