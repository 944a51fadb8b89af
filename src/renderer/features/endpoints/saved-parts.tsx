import { FileWarning, Save } from 'lucide-react';
import type { EndpointView } from '#shared/contract/models.ts';
import { isChanged, keepMine, saveEndpoint, takeTheirs } from '../../state/saved-endpoints.ts';
import { useServices, useWorkspace } from '../../state/services.ts';
import type { EndpointTab, TabDocument } from '../../state/tabs.ts';
import { Button } from '../../ui/button.tsx';
import { shownText } from '../../ui/text.ts';
import styles from './address-bar.module.css';
import { strings } from './strings.ts';

const { saved: words } = strings;

interface SavedProps {
  readonly tab: EndpointTab;
  readonly view: EndpointView | undefined;
}

/** Saves the endpoint in the workspace. A dot shows that it has changed since it was saved. */
export function SaveButton({ tab, view }: SavedProps) {
  const services = useServices();
  const hasWorkspace = useWorkspace((workspace) => workspace.view !== undefined);
  if (!hasWorkspace) return null;
  const { document } = tab;
  const changed = isChanged(tab, view);
  const title = !document
    ? words.notSaved
    : changed
      ? words.changedIn(shownText(document.path))
      : words.savedIn(shownText(document.path));
  return (
    <Button
      variant="ghost"
      aria-label={changed ? `${words.save} (${words.unsaved})` : words.save}
      title={title}
      className={styles.save}
      onClick={() => void saveEndpoint(services, tab.id)}
    >
      <Save size={14} aria-hidden />
      {changed ? <span className={styles.dot} aria-hidden /> : null}
    </Button>
  );
}

/** Asks what to do if the document of a tab has changed on disk, and lists what this machine does not have of it. */
export function DocumentBar({ tab }: { readonly tab: EndpointTab }) {
  const { document } = tab;
  if (!document) return null;
  if (document.theirs !== undefined) return <Conflict tab={tab.id} document={document} />;
  if (document.missing.length === 0) return null;
  return (
    <p className={styles.note} role="status">
      <FileWarning size={13} aria-hidden />
      {words.missing(document.missing.map(shownText).join(', '))}
    </p>
  );
}

function Conflict({ tab, document }: { readonly tab: string; readonly document: TabDocument }) {
  const services = useServices();
  const isGone = document.theirs === 'gone';
  const path = shownText(document.path);
  return (
    <div className={styles.conflict} role="alert">
      <FileWarning size={14} aria-hidden />
      <span className={styles.conflictText}>{isGone ? words.gone(path) : words.conflict(path)}</span>
      <Button small title={isGone ? undefined : words.keepMineHelp} onClick={() => void keepMine(services, tab)}>
        {isGone ? words.saveAgain : words.keepMine}
      </Button>
      <Button small title={isGone ? undefined : words.takeTheirsHelp} onClick={() => void takeTheirs(services, tab)}>
        {isGone ? words.detach : words.takeTheirs}
      </Button>
    </div>
  );
}
