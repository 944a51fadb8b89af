import { lazy, useMemo } from 'react';
import { actions } from '../actions/actions.ts';
import { isMac, keysText } from '../actions/shortcuts.ts';
import { recordingOf } from '../bridge/live-store.ts';
import { ConvertDialog, QueryDialog } from '../features/composer/document-dialogs.tsx';
import { SavePayloadDialog, SaveRecordDialog } from '../features/composer/save-payload-dialog.tsx';
import { bytesToSend, sendAgain } from '../features/composer/send-again.ts';
import { CloseServerDialog } from '../features/endpoints/close-server-dialog.tsx';
import { SavedEndpointDialog, SaveEndpointDialog } from '../features/endpoints/save-endpoint-dialog.tsx';
import { FrameSocketDialog, ReframeDialog, WaitingBytesDialog } from '../features/framing/framing-dialogs.tsx';
import { LensDialog } from '../features/framing/lens-dialog.tsx';
import { SentDialog } from '../features/history/sent-dialog.tsx';
import { ImportDialog } from '../features/library/import-dialog.tsx';
import { MoveDialog } from '../features/library/move-dialog.tsx';
import { Palette, type PaletteItem } from '../features/palette/palette.tsx';
import { SaveDialog } from '../features/sessions/save-dialog.tsx';
import { DeleteDialog, NewSessionDialog, PlaceDialog, RenameDialog } from '../features/sessions/session-dialogs.tsx';
import { StoredSessionsDialog } from '../features/sessions/stored-sessions-dialog.tsx';
import { SettingsDialog } from '../features/settings/settings-dialog.tsx';
import { GoToDialog } from '../features/traffic/go-to-dialog.tsx';
import { EnvironmentsDialog } from '../features/workspace/environments-dialog.tsx';
import { DocumentProblemDialog, NewWorkspaceDialog } from '../features/workspace/workspace-dialogs.tsx';
import { canRun, contextOf, textIn } from '../state/action.ts';
import { closeDialog, type DialogState } from '../state/dialogs.ts';
import { showEndpoint } from '../state/endpoint-commands.ts';
import { useLive, useServices, useTabs } from '../state/services.ts';

/** A dialog that loads with every other one. */
type SharedDialog = Exclude<DialogState, { readonly kind: 'generate-code' }>;

/** The dialog that is open. */
export function OpenDialog({ dialog }: { readonly dialog: SharedDialog }) {
  switch (dialog.kind) {
    case 'none':
      return null;
    case 'palette':
      return <CommandPalette />;
    case 'save-session':
      return <SaveSession session={dialog.session} scope={dialog.scope} />;
    case 'go-to':
      return <GoToDialog to={dialog.to} />;
    case 'stored-sessions':
      return <StoredSessionsDialog />;
    case 'rename-session':
      return <RenameDialog session={dialog.session} back={dialog.back} />;
    case 'delete-session':
      return <DeleteDialog session={dialog.session} back={dialog.back} />;
    case 'new-session':
      return <NewSessionDialog />;
    case 'recording-place':
      return <PlaceDialog />;
    case 'save-payload':
      return <SavePayloadDialog tab={dialog.tab} how={dialog.how} />;
    case 'save-record':
      return <SaveRecordDialog seq={dialog.seq} bytes={dialog.bytes} />;
    case 'convert-payload':
      return <ConvertDialog conversion={dialog} />;
    case 'query-payload':
      return <QueryDialog tab={dialog.tab} />;
    case 'settings':
      return <SettingsDialog />;
    case 'close-server':
      return <CloseServerDialog tab={dialog.tab} />;
    case 'save-endpoint':
      return <SaveEndpointDialog tab={dialog.tab} />;
    case 'saved-endpoint':
      return <SavedEndpointDialog path={dialog.path} />;
    case 'document-problem':
      return <DocumentProblemDialog path={dialog.path} />;
    case 'import':
      return <ImportDialog files={dialog.files} folder={dialog.folder} />;
    case 'move-payloads':
      return <MoveDialog paths={dialog.paths} />;
    case 'new-workspace':
      return <NewWorkspaceDialog />;
    case 'environments':
      return <EnvironmentsDialog path={dialog.path} />;
    case 'frame-socket':
      return <FrameSocketDialog socket={dialog.socket} />;
    case 'waiting-bytes':
      return <WaitingBytesDialog socket={dialog.socket} />;
    case 'sent-messages':
      return <SentMessages tab={dialog.tab} />;
    case 'lens':
      return <Lens {...dialog} />;
    case 'reframe':
      return <Reframe {...dialog} />;
  }
}

function SaveSession({ session, scope }: { readonly session: string; readonly scope: 'shown' | undefined }) {
  const view = useLive((live) => live.sessions.get(session));
  return view ? <SaveDialog session={view} scope={scope} /> : null;
}

function Reframe({ session, socket, endpoint, framing }: Extract<DialogState, { kind: 'reframe' }>) {
  const view = useLive((live) => live.sessions.get(session));
  return view ? <ReframeDialog session={view} socket={socket} endpoint={endpoint} framing={framing} /> : null;
}

function Lens({ session, framing, socket, direction, seq }: Extract<DialogState, { kind: 'lens' }>) {
  const view = useLive((live) => live.sessions.get(session));
  return view ? <LensDialog session={view} framing={framing} flow={{ socket, direction, seq }} /> : null;
}

const PayloadDiff = lazy(() => import('../features/composer/payload-diff.tsx'));

/** The sent messages of the session that a tab shows, with the composer of that tab. */
function SentMessages({ tab: id }: { readonly tab: string }) {
  const services = useServices();
  const tab = useTabs(({ tabs }) => tabs.find((other) => other.id === id));
  const session = useLive((live) => (tab?.kind === 'session' ? live.sessions.get(tab.session) : recordingOf(live)));
  if (!tab || !session) return null;
  const composer =
    tab.kind === 'endpoint'
      ? {
          tab: id,
          endpoint: tab.endpoint,
          sendAgain: (message: Parameters<typeof sendAgain>[2]) => sendAgain(services, id, message),
          bytesToSend: () => bytesToSend(services, id),
        }
      : undefined;
  return <SentDialog key={session.id} session={session} composer={composer} Diff={PayloadDiff} />;
}

function CommandPalette() {
  const services = useServices();
  const endpoints = useLive((live) => live.endpoints);
  const items = useMemo(() => {
    const context = contextOf(services);
    const all: PaletteItem[] = actions
      .filter((action) => action.id !== 'palette' && canRun(action, context))
      .map((action) => ({
        id: action.id,
        label: textIn(action.title ?? action.label, context),
        detail: action.keys === undefined ? '' : keysText(action.keys, isMac),
        words: '',
        run: () => action.run(context),
      }));
    for (const { id, config, address } of endpoints.values()) {
      const where = address || (config.transport === 'local' ? config.path : `${config.host}:${config.port}`);
      all.push({
        id: `go-${id}`,
        label: `Go to ${config.name} ${where}`,
        detail: '',
        words: '',
        run: () => showEndpoint(services, id),
      });
    }
    return all;
  }, [services, endpoints]);
  return <Palette items={items} onClose={() => closeDialog(services.dialogs)} />;
}
