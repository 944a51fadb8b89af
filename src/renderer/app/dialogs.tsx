import { Suspense } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../client/use-services.ts';
import { OpenDialog } from './lazy-parts.tsx';

/** The open dialog, if any. */
export function Dialogs() {
  const { dialogs } = useServices();
  const dialog = useStore(dialogs);
  if (dialog.kind === 'none') return null;
  return (
    <Suspense>
      <OpenDialog dialog={dialog} />
    </Suspense>
  );
}
