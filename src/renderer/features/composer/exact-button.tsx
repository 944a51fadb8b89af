import { lazy, Suspense, useCallback, useRef } from 'react';
import { useStore } from 'zustand/react';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Draft } from '../../state/drafts.ts';
import { type Services, useServices } from '../../state/services.ts';
import type { EndpointTab } from '../../state/tabs.ts';
import { Button } from '../../ui/button.tsx';
import { Popover } from '../../ui/popover.tsx';
import { strings } from './strings.ts';
import written from './written.module.css';

const texts = strings.exact;
const ExactBytes = lazy(() => import('./exact-bytes.tsx'));

interface ExactPanel {
  /** The tab whose exact bytes are shown. */
  readonly tab: string | undefined;
}

/** Creates the state of the panel with the exact bytes of a payload. */
function createExactPanel(): StoreApi<ExactPanel> {
  return createStore<ExactPanel>(() => ({ tab: undefined }));
}

/** Shows or hides the exact bytes of a tab's payload. */
export function toggleExactBytes(services: Services, tab: string): void {
  const panel = services.own(createExactPanel);
  panel.setState({ tab: panel.getState().tab === tab ? undefined : tab });
}

interface ExactButtonProps {
  readonly tab: EndpointTab;
  readonly draft: Draft;
  readonly framing: string;
  /** The size of the message. */
  readonly size: string;
}

/** The size of the message as it will be sent. It opens the exact bytes. */
export function ExactButton({ tab, draft, framing, size }: ExactButtonProps) {
  const services = useServices();
  const panel = services.own(createExactPanel);
  const isOpen = useStore(panel, (state) => state.tab === tab.id);
  const anchor = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => panel.setState({ tab: undefined }), [panel]);
  return (
    <>
      <Button
        ref={anchor}
        small
        variant="ghost"
        className={written.size}
        title={texts.open}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => toggleExactBytes(services, tab.id)}
      >
        {size}
      </Button>
      <Popover open={isOpen} onClose={close} anchor={anchor} label={texts.label}>
        <Suspense fallback={<p className={written.loading}>{texts.loading}</p>}>
          <ExactBytes tab={tab} draft={draft} framing={framing} />
        </Suspense>
      </Popover>
    </>
  );
}
