import { act } from '@testing-library/react';
import type { SessionView } from '#shared/contract/models.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { Records } from '../../src/renderer/app/pages.tsx';
import { Inspector } from '../../src/renderer/features/inspector/inspector.tsx';
import { type Selection, select } from '../../src/renderer/state/selection.ts';
import { useLive } from '../../src/renderer/state/services.ts';
import { type Answers, fakeHost, sessionView } from '../unit/renderer/fake-services.ts';
import { recordedSession, row, socketInfo, type Written } from './recorded-session.ts';
import { renderPart, show } from './render.tsx';

interface Traffic {
  readonly rows: readonly Written[];
  readonly sockets?: readonly SocketInfo[];
  readonly filters?: Readonly<Record<string, (row: Row) => boolean>>;
  /** The endpoint whose tab it is; a tab of a session without one. */
  readonly endpoint?: string;
  readonly session?: Partial<SessionView>;
  readonly answers?: Answers;
  readonly note?: string;
}

/** The records of a session in a tab called `tab`, over an engine that has them. */
export function renderTraffic({ session, endpoint, answers, note, ...recording }: Traffic) {
  const recorded = recordedSession(recording);
  const faked = fakeHost({ ...recorded.answers, ...answers });
  const view = sessionView('s1', { total: recording.rows.length, state: 'read-only', ...session });
  show(faked.services, { sessions: [view] });
  faked.services.tabs.setState({ tabs: [{ kind: 'session', id: 'tab', session: 's1' }], active: 'tab' });
  const user = renderPart(faked.services, <LiveRecords endpoint={endpoint} note={note} />);
  /** The engine reports that the session has changed. */
  const change = (changed: Partial<SessionView>) =>
    act(() => show(faked.services, { sessions: [{ ...view, ...changed }] }));
  return { ...faked, user, change };
}

function LiveRecords({ endpoint, note }: { endpoint: string | undefined; note: string | undefined }) {
  const session = useLive((live) => live.sessions.get('s1'));
  return session ? <Records tab="tab" session={session} endpoint={endpoint} note={note} /> : null;
}

interface Inspected {
  readonly written: Written;
  readonly info?: Partial<SocketInfo>;
  readonly answers?: Answers;
}

/** The inspector with one record selected, the fourth of its session. */
export function renderInspector({ written, info, answers }: Inspected) {
  const seq = 3;
  const empty = { preview: '' };
  const recorded = recordedSession({ rows: [empty, empty, empty, written] });
  const faked = fakeHost({ ...recorded.answers, ...answers });
  show(faked.services, {});
  const selection: Selection = { session: 's1', row: row(seq, written), info: socketInfo(info) };
  select(faked.services.selection, 'tab', selection);
  const user = renderPart(faked.services, <Inspector tab="tab" />);
  return { ...faked, user, selection };
}
