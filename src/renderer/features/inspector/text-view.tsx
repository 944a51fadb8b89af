import { type ClipboardEvent, useMemo, useRef, useState } from 'react';
import type { Selection } from '../../client/selection-store.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import { CheckField } from '../../ui/field.tsx';
import { unescapeOf } from './escaped.ts';
import styles from './inspector.module.css';
import { NearWatch } from './near-watch.ts';
import { strings } from './strings.ts';
import { textBlocks } from './text-blocks.ts';
import { selectedText } from './text-copy.ts';
import { TextPart } from './text-part.tsx';
import { countInvalid, isUnusual } from './text-segments.ts';
import type { Match } from './use-find.ts';
import { usePayload } from './use-payload.ts';

const texts = strings.textView;
const initialBytes = 256 * 1_024;
const maxBytes = 4 * 1_048_576;
/** Blocks that are drawn before it is known which are visible. */
const firstDrawn = 2;

interface TextViewProps {
  readonly selection: Selection;
  /** Bytes to highlight and to scroll to. */
  readonly match: Match | undefined;
}

/** The message as UTF-8, with invalid bytes marked. Always text, never markup. */
export function TextView({ selection, match }: TextViewProps) {
  const [limit, setLimit] = useState(initialBytes);
  const needed = match ? Math.min(maxBytes, match.at + match.length) : 0;
  const { row, info } = selection;
  const escaping = useMemo(() => unescapeOf(row, info), [row, info]);
  // An escaped message can only be decoded as a whole.
  const payload = usePayload(selection.session, row.seq, escaping ? maxBytes : Math.max(limit, needed));
  const isRead = escaping !== undefined && match === undefined && payload?.bytes.length === payload?.total;
  const bytes = useMemo(
    () => (payload && isRead ? escaping?.read(payload.bytes) : payload?.bytes),
    [payload, escaping, isRead],
  );
  const [selected, setSelected] = useState<boolean>();
  const unusual = useMemo(() => bytes !== undefined && isUnusual(bytes), [bytes]);
  const reveal = selected ?? unusual;
  const blocks = useMemo(() => (bytes ? textBlocks(bytes) : []), [bytes]);
  const invalid = useMemo(() => (bytes ? countInvalid(bytes) : 0), [bytes]);
  const region = useRef<HTMLPreElement>(null);
  const [watch] = useState(() => new NearWatch(() => region.current));
  if (!payload || !bytes) return null;
  if (payload.failure) return <FailureBox failure={payload.failure} />;
  const copy = (event: ClipboardEvent) => {
    const selection = document.getSelection();
    const text = selection && selectedText(event.currentTarget, selection, { bytes, blocks, reveal });
    if (text === undefined || text === null) return;
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
  };
  const shown = payload.bytes.length;
  return (
    <div className={styles.column}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys must reach it. */}
      <pre ref={region} className={styles.pre} tabIndex={0} role="region" aria-label={texts.label} onCopy={copy}>
        {blocks.map((block, index) => (
          <TextPart
            key={block.from}
            bytes={bytes}
            block={block}
            index={index}
            reveal={reveal}
            match={match}
            watch={watch}
            first={index < firstDrawn}
          />
        ))}
      </pre>
      <div className={styles.foot}>
        <span>
          {shown < payload.total ? texts.part(shown, payload.total) : texts.size(bytes.length)},{' '}
          {invalid > 0 ? texts.invalid(invalid) : texts.utf8}
        </span>
        {isRead ? <span>{escaping?.note}</span> : null}
        <CheckField label={texts.reveal} checked={reveal} onChange={setSelected} />
        {shown < payload.total && limit < maxBytes && !escaping ? (
          <Button small onClick={() => setLimit(Math.min(limit * 4, maxBytes))}>
            {strings.showMore}
          </Button>
        ) : null}
        {shown < payload.total && (limit >= maxBytes || escaping) ? <span>{texts.seeHex}</span> : null}
      </div>
    </div>
  );
}
