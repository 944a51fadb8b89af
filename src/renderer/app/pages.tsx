import { Lightbulb, Lock, SquareTerminal, X } from 'lucide-react';
import { Group, type Layout, Panel, Separator, usePanelRef } from 'react-resizable-panels';
import { useStore } from 'zustand/react';
import type { SessionView } from '#shared/contract/models.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { recordingOf } from '../bridge/live-store.ts';
import { Composer } from '../features/composer/composer.tsx';
import { AddressBar } from '../features/endpoints/address-bar.tsx';
import { StatisticsPane } from '../features/statistics/statistics-pane.tsx';
import { TrafficPane } from '../features/traffic/traffic-pane.tsx';
import { filterOfTab, shownFilter, type TabFilter } from '../state/filters.ts';
import { useLive, useServices, useSettings } from '../state/services.ts';
import { isOpen, setLayout, sizeOf } from '../state/settings.ts';
import { type EndpointTab, type ProgramTab, type SessionTab, withEndpointTab } from '../state/tabs.ts';
import { IconButton } from '../ui/button.tsx';
import { Empty, FailureBox } from '../ui/fallback.tsx';
import { shownText } from '../ui/text.ts';
import styles from './window.module.css';

interface RecordsProps {
  readonly tab: string;
  readonly session: SessionView;
  /** The endpoint whose records are shown by default; undefined in the tab of a session. */
  readonly endpoint?: string | undefined;
  /** The endpoint is a traced program. */
  readonly isProgram?: boolean;
  readonly note?: string | undefined;
}

/** The records of a session or their statistics, with the tab's filter. */
export function Records({ tab, session, endpoint, isProgram, note }: RecordsProps) {
  const { filters, statistics } = useServices();
  const isCounted = useStore(statistics, ({ byTab }) => byTab[tab] === true);
  const own = useStore(filters, (state) => filterOfTab(state, tab));
  const counts = isCounted ? (
    <StatisticsPane tab={tab} session={session} filter={shownFilter(own, endpoint)} scope={scopeWords(own, endpoint)} />
  ) : undefined;
  return (
    <TrafficPane tab={tab} session={session} endpoint={endpoint} isProgram={isProgram} note={note} instead={counts} />
  );
}

/** Describes the records that the statistics count. */
function scopeWords({ all, text, mode }: TabFilter, endpoint: string | undefined): string {
  const whose = endpoint === undefined || all ? 'the' : 'this endpoint’s';
  const isFiltered = mode === 'filter' && text.trim() !== '';
  if (isFiltered) return `of ${whose} records that match ${text.trim()}`;
  return whose === 'the' ? 'of all records' : `of ${whose} records`;
}

/** The page of a server or client: address bar, traffic and composer. */
export function EndpointPage({ tab }: { readonly tab: EndpointTab }) {
  const { settings: store } = useServices();
  const settings = useSettings((state) => state);
  const session = useLive(recordingOf);
  const view = useLive(({ endpoints }) => (tab.endpoint === undefined ? undefined : endpoints.get(tab.endpoint)));
  const { messageOriented } = abilitiesOf(view?.config.transport ?? tab.form.transport);
  const isRaw = !messageOriented && (view ? view.config.framing.kind === 'raw' : tab.form.framing === 'raw');
  const note = isRaw ? 'No framing: each row is one recv(). A message may span several rows.' : undefined;
  const composer = usePanelRef();
  const remember = (_layout: Layout, { isUserInteraction }: { isUserInteraction: boolean }) => {
    if (isUserInteraction && composer.current) {
      setLayout(store, 'composer', Math.round(composer.current.getSize().inPixels));
    }
  };
  return (
    <div className={styles.endpoint}>
      <AddressBar key={tab.id} tab={tab} />
      {tab.guide === undefined ? null : <Guide tab={tab.id} text={tab.guide} />}
      <Group className={styles.split} orientation="vertical" onLayoutChanged={remember}>
        <Panel id="traffic" minSize={96}>
          {session ? (
            <Records
              key={`${tab.id} ${session.id}`}
              tab={tab.id}
              session={session}
              endpoint={tab.endpoint ?? ''}
              note={note}
            />
          ) : null}
        </Panel>
        {isOpen(settings, 'composer', false) ? (
          <>
            <Separator className={styles.level} aria-label="Height of the composer" />
            <Panel
              id="composer"
              defaultSize={sizeOf(settings, 'composer', '38%')}
              minSize={112}
              groupResizeBehavior="preserve-pixel-size"
              panelRef={composer}
            >
              <Composer tab={tab} />
            </Panel>
          </>
        ) : null}
      </Group>
    </div>
  );
}

/** Guidance for newcomers, shown until it is dismissed. */
function Guide({ tab, text }: { readonly tab: string; readonly text: string }) {
  const { tabs } = useServices();
  return (
    <aside className={styles.guide} aria-label="Guide">
      <Lightbulb size={14} aria-hidden />
      <p>{text}</p>
      <IconButton
        small
        label="Dismiss the guide"
        onClick={() => tabs.setState((state) => withEndpointTab(state, tab, { guide: undefined }))}
      >
        <X size={14} aria-hidden />
      </IconButton>
    </aside>
  );
}

/** The records of a traced program. */
export function ProgramPage({ tab }: { readonly tab: ProgramTab }) {
  const session = useLive(recordingOf);
  const program = useLive(({ programs }) => programs.get(tab.program));
  if (!session) return null;
  const state = program?.state === 'running' ? 'is being traced' : 'was traced';
  return (
    <div className={styles.sessionPage}>
      <p className={styles.readOnly}>
        <SquareTerminal size={14} aria-hidden />
        <span title={program && shownText(program.command.join(' '))}>
          <strong>{shownText(tab.name)}</strong> {state}. Each row is a socket call, an event or the bytes of one call.
        </span>
      </p>
      <div className={styles.fill}>
        <Records key={`${tab.id} ${session.id}`} tab={tab.id} session={session} endpoint={tab.program} isProgram />
      </div>
    </div>
  );
}

/** A saved session, read-only. */
export function SessionPage({ tab }: { readonly tab: SessionTab }) {
  const session = useLive((live) => live.sessions.get(tab.session));
  if (!session) return <Empty title="This session is closed" />;
  return (
    <div className={styles.sessionPage}>
      <p className={styles.readOnly}>
        <Lock size={14} aria-hidden />
        <span title={session.path}>
          <strong>{shownText(session.name)}</strong> is a recorded session, opened read-only.
        </span>
      </p>
      {session.error ? <FailureBox failure={session.error} /> : null}
      <div className={styles.fill}>
        <Records key={tab.id} tab={tab.id} session={session} />
      </div>
    </div>
  );
}
