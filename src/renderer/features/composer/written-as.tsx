import { useMemo } from 'react';
import type { Draft } from '../../client/drafts-store.ts';
import { useServices } from '../../client/use-services.ts';
import { hasByteOrderMark, selectByteOrderMark, selectLineEnd, shownLineEnd } from '../../client/written-commands.ts';
import { EncodingField, LineEndField } from '../../ui/written-fields.tsx';
import styles from './composer.module.css';

/** The line ends and the encoding of a payload, as they leave: shown, and selected. */
export function WrittenAs({ tab, draft }: { readonly tab: string; readonly draft: Draft }) {
  const services = useServices();
  const { text, lineEnd } = draft;
  const shown = useMemo(() => shownLineEnd({ text, lineEnd }), [text, lineEnd]);
  return (
    <>
      <LineEndField
        className={styles.written}
        mixedTitle="Line ends of several kinds, sent as the marks show. Select one kind for all lines."
        value={shown}
        onChange={(next) => selectLineEnd(services, tab, next)}
      />
      <EncodingField
        className={styles.written}
        hasMark={hasByteOrderMark(draft)}
        onChange={(next) => selectByteOrderMark(services, tab, next)}
      />
    </>
  );
}
