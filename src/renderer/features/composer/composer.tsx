import { lazy, Suspense, useState } from 'react';
import { useStore } from 'zustand/react';
import type { Problem } from '#shared/payload/problem.ts';
import { draftOf } from '../../client/drafts-store.ts';
import type { EndpointTab } from '../../client/tabs-store.ts';
import { useServices } from '../../client/use-services.ts';
import { classes } from '../../ui/classes.ts';
import paneStyles from '../../ui/pane.module.css';
import styles from './composer.module.css';
import { ComposerBar } from './composer-bar.tsx';
import { ComposerFoot } from './composer-foot.tsx';
import type { TextScale } from './editor-scale.ts';
import { strings } from './strings.ts';
import { isError, useProblems } from './use-problems.ts';

const PayloadEditor = lazy(() => import('./payload-editor.tsx'));

/** The pane in which the user edits and sends a payload. */
export function Composer({ tab }: { readonly tab: EndpointTab }) {
  const { drafts } = useServices();
  const format = useStore(drafts, (state) => draftOf(state, tab.id).format);
  const text = useStore(drafts, (state) => draftOf(state, tab.id).text);
  const problems = useProblems(format, text);
  const [place, setPlace] = useState<Problem>();
  const [scale, setScale] = useState<TextScale>('short');
  return (
    <div className={classes(paneStyles.pane, styles.composer)}>
      <ComposerBar tab={tab} isInvalid={problems.list.some(isError)} />
      <section className={styles.editor} aria-label={strings.payload}>
        <Suspense fallback={<Fallback text={draftOf(drafts.getState(), tab.id).text} />}>
          <PayloadEditor tab={tab.id} problems={problems.list} place={place} onScale={setScale} />
        </Suspense>
      </section>
      <ComposerFoot tab={tab} scale={scale} problems={problems} onGo={(problem) => setPlace({ ...problem })} />
    </div>
  );
}

/** The text, shown while the editor loads. */
function Fallback({ text }: { readonly text: string }) {
  const { drafts } = useServices();
  useStore(drafts, (state) => state.byTab);
  return <pre className={styles.fallback}>{text}</pre>;
}
