import { useMemo } from 'react';
import type { Draft } from '../../client/drafts-store.ts';
import { useServices } from '../../client/use-services.ts';
import { hasByteOrderMark, selectByteOrderMark, selectLineEnd, shownLineEnd } from '../../client/written-commands.ts';
import { EncodingField, LineEndField } from '../../ui/written-fields.tsx';
import styles from './composer.module.css';
import { strings } from './strings.ts';

/** The fields for the line ends and the encoding with which a payload is sent. */
export function WrittenAs({ tab, draft }: { readonly tab: string; readonly draft: Draft }) {
  const services = useServices();
  const { text, lineEnd } = draft;
  const shown = useMemo(() => shownLineEnd({ text, lineEnd }), [text, lineEnd]);
  return (
    <>
      <LineEndField
        className={styles.written}
        mixedTitle={strings.status.mixedLineEnds}
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
