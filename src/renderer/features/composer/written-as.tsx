import { useMemo } from 'react';
import type { LineEnd } from '#shared/payload/line-ends.ts';
import type { Draft } from '../../client/drafts-store.ts';
import { useServices } from '../../client/use-services.ts';
import { hasByteOrderMark, selectByteOrderMark, selectLineEnd, shownLineEnd } from '../../client/written-commands.ts';
import { SelectField } from '../../ui/field.tsx';
import styles from './composer.module.css';

const lineEndLabels: Readonly<Record<LineEnd, string>> = { lf: 'LF', crlf: 'CRLF', cr: 'CR' };
const lineEndOptions = (['lf', 'crlf', 'cr'] as const).map((value) => ({ value, label: lineEndLabels[value] }));
const mixedOption = { value: 'mixed', label: 'Mixed' } as const;
const encodings = [
  { value: 'plain', label: 'UTF-8' },
  { value: 'marked', label: 'UTF-8 with BOM' },
] as const;

/** The line ends and the encoding of a payload, as they leave: shown, and selected. */
export function WrittenAs({ tab, draft }: { readonly tab: string; readonly draft: Draft }) {
  const services = useServices();
  const { text, lineEnd } = draft;
  const shown = useMemo(() => shownLineEnd({ text, lineEnd }), [text, lineEnd]);
  return (
    <>
      <SelectField<LineEnd | 'mixed'>
        label="Line ends"
        hideLabel
        className={styles.written}
        title={
          shown === 'mixed'
            ? 'Line ends of several kinds, sent as the marks show. Select one kind for all lines.'
            : 'Line ends, as they are sent'
        }
        value={shown}
        options={shown === 'mixed' ? [mixedOption, ...lineEndOptions] : lineEndOptions}
        onChange={(next) => (next === 'mixed' ? undefined : selectLineEnd(services, tab, next))}
      />
      <SelectField
        label="Encoding"
        hideLabel
        className={styles.written}
        title="Encoding, and whether a byte order mark (EF BB BF) is sent first"
        value={hasByteOrderMark(draft) ? 'marked' : 'plain'}
        options={encodings}
        onChange={(next) => selectByteOrderMark(services, tab, next === 'marked')}
      />
    </>
  );
}
