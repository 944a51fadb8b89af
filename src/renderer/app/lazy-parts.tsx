import { type ComponentType, lazy, Suspense, useState } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../state/services.ts';

/*
 * The parts of the window that the start page does not show. Each loads when it is first shown or when the page is idle, so that
 * opening one does not wait for the network.
 */

const loaders: (() => Promise<unknown>)[] = [];

/** Returns a component that loads when it is first shown. If it is already loaded, it is rendered immediately. */
function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loading: Promise<ComponentType<Props>> | undefined;
  let loaded: ComponentType<Props> | undefined;
  const loadOnce = () => {
    loading ??= load().then(
      (part) => {
        loaded = part;
        return part;
      },
      (error: unknown) => {
        // Allow another attempt.
        loading = undefined;
        throw error;
      },
    );
    return loading;
  };
  loaders.push(loadOnce);
  const Waiting = lazy(async () => ({ default: await loadOnce() }));
  return function LazyPart(props: Props) {
    // Selected once: replacing the component would lose its state.
    const [Part] = useState<ComponentType<Props>>(() => loaded ?? (Waiting as ComponentType<Props>));
    return <Part {...props} />;
  };
}

export const EndpointPage = lazyPart(async () => (await import('./pages.tsx')).EndpointPage);
export const ProgramPage = lazyPart(async () => (await import('./pages.tsx')).ProgramPage);
export const SessionPage = lazyPart(async () => (await import('./pages.tsx')).SessionPage);
export const ListPage = lazyPart(async () => (await import('../features/lists/list-page.tsx')).ListPage);
export const Inspector = lazyPart(async () => (await import('../features/inspector/inspector.tsx')).Inspector);
export const OpenDialog = lazyPart(async () => (await import('./open-dialog.tsx')).OpenDialog);

const CodeDialog = lazyPart(async () => (await import('../features/code/code-dialog.tsx')).CodeDialog);

/** Loads all parts. Rejects if one cannot be loaded. */
export async function loadParts(): Promise<void> {
  await Promise.all(loaders.map((load) => load()));
}

/** Loads all parts when the page is idle. A failure is shown when the part is opened. */
export function loadPartsWhenIdle(): void {
  requestIdleCallback(() => void loadParts().catch(() => {}));
}

/** The open dialog, if any. */
export function Dialogs() {
  const { dialogs } = useServices();
  const dialog = useStore(dialogs);
  if (dialog.kind === 'none') return null;
  return (
    <Suspense>
      {dialog.kind === 'generate-code' ? <CodeDialog tab={dialog.tab} /> : <OpenDialog dialog={dialog} />}
    </Suspense>
  );
}
