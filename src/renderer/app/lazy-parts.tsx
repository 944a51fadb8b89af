import { type ComponentType, lazy, useState } from 'react';

/*
 * The parts of the window that the start page does not show. They load when they are first shown, and at the latest when
 * the page has been drawn and has nothing else to do: so opening one never waits for the network.
 */

const loaders: (() => Promise<unknown>)[] = [];

/** A component that loads when it is first shown. Where it has been loaded before, it is there at once. */
function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loading: Promise<ComponentType<Props>> | undefined;
  let loaded: ComponentType<Props> | undefined;
  const loadOnce = () => {
    loading ??= load().then(
      (part) => {
        loaded = part;
        return part;
      },
      (error: unknown) => {
        // The next attempt may succeed.
        loading = undefined;
        throw error;
      },
    );
    return loading;
  };
  loaders.push(loadOnce);
  const Waiting = lazy(async () => ({ default: await loadOnce() }));
  return function Later(props: Props) {
    // Chosen once: a change of the component would lose its state.
    const [Part] = useState<ComponentType<Props>>(() => loaded ?? (Waiting as ComponentType<Props>));
    return <Part {...props} />;
  };
}

export const EndpointPage = later(async () => (await import('./endpoint-page.tsx')).EndpointPage);
export const SessionPage = later(async () => (await import('./session-page.tsx')).SessionPage);
export const Inspector = later(async () => (await import('../features/inspector/inspector.tsx')).Inspector);
export const OpenDialog = later(async () => (await import('./open-dialog.tsx')).OpenDialog);

/** Loads all of them now. Rejects where one cannot be loaded. */
export async function loadParts(): Promise<void> {
  await Promise.all(loaders.map((load) => load()));
}

/** Loads all of them as soon as the page is idle. One that cannot be loaded says so where it is shown. */
export function loadPartsWhenIdle(): void {
  requestIdleCallback(() => void loadParts().catch(() => {}));
}
