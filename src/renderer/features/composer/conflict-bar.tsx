import { Info, TriangleAlert } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { changeDraft, type Draft } from '../../state/drafts.ts';
import { keepMine, takeTheirs } from '../../state/payload-documents.ts';
import { useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import composerStyles from './composer.module.css';
import styles from './conflict-bar.module.css';
import { strings } from './strings.ts';

const texts = strings.conflict;

interface ConflictBarProps {
  readonly tab: string;
  readonly draft: Draft;
  /** Both versions are shown side by side. */
  readonly comparing: boolean;
  readonly onCompare: (comparing: boolean) => void;
}

/** Says that the document has changed on the disk, or how it is shown, and offers what can be done. */
export function ConflictBar({ tab, draft, comparing, onCompare }: ConflictBarProps) {
  const services = useServices();
  const { conflict, notice } = draft;
  if (!conflict) {
    return notice === undefined ? null : (
      <div className={styles.bar} role="status">
        <Info size={13} aria-hidden />
        <span className={styles.text}>{notice}</span>
        <Button small onClick={() => changeDraft(services.drafts, tab, { notice: undefined })}>
          {texts.dismiss}
        </Button>
      </div>
    );
  }
  const end = (act: typeof keepMine) => {
    onCompare(false);
    act(services, tab);
  };
  return (
    <div className={styles.bar} role="alert">
      <TriangleAlert size={13} aria-hidden />
      <span className={styles.text}>{conflict.theirs ? texts.changed : texts.deleted}</span>
      <Button small title={texts.keepMineHelp} onClick={() => end(keepMine)}>
        {texts.keepMine}
      </Button>
      {conflict.theirs ? (
        <>
          <Button small title={texts.takeTheirsHelp} onClick={() => end(takeTheirs)}>
            {texts.takeTheirs}
          </Button>
          <Button small aria-pressed={comparing} onClick={() => onCompare(!comparing)}>
            {texts.compare}
          </Button>
        </>
      ) : null}
    </div>
  );
}

const PayloadDiff = lazy(() => import('./payload-diff.tsx'));

/** The version on the disk and the user's text, side by side. */
export function ComparedVersions({ draft }: { readonly draft: Draft }) {
  const theirs = draft.conflict?.theirs;
  if (!theirs) return null;
  return (
    <section className={composerStyles.editor} aria-label={texts.compared}>
      <Suspense>
        <PayloadDiff
          original={theirs.text}
          originalLabel={texts.theirsLabel}
          modified={draft.text}
          modifiedLabel={texts.mineLabel}
        />
      </Suspense>
    </section>
  );
}
