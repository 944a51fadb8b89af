import { lazy, Suspense } from 'react';
import { useStore } from 'zustand/react';
import { draftOf } from '../../client/drafts-store.ts';
import type { EndpointTab } from '../../client/tabs-store.ts';
import { useServices } from '../../client/use-services.ts';
import styles from './composer.module.css';
import { ComposerBar } from './composer-bar.tsx';
import { ComposerFoot } from './composer-foot.tsx';

const PayloadEditor = lazy(() => import('./payload-editor.tsx'));

/** Where a payload is written and sent. */
export function Composer({ tab }: { readonly tab: EndpointTab }) {
  const { drafts } = useServices();
  return (
    <div className={styles.composer}>
      <ComposerBar tab={tab} />
      <section className={styles.editor} aria-label="Payload">
        <Suspense fallback={<Fallback text={draftOf(drafts.getState(), tab.id).text} />}>
          <PayloadEditor tab={tab.id} />
        </Suspense>
      </section>
      <ComposerFoot tab={tab} />
    </div>
  );
}

/** The text as it is while the editor is loaded. */
function Fallback({ text }: { readonly text: string }) {
  const { drafts } = useServices();
  useStore(drafts, (state) => state.byTab);
  return <pre className={styles.fallback}>{text}</pre>;
}
