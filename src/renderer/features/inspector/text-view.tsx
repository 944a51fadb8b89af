import { type ClipboardEvent, useMemo, useRef, useState } from 'react';
import type { Selection } from '../../client/selection-store.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import { CheckField } from '../../ui/field.tsx';
import { bytesText, countOf } from '../../ui/figures.ts';
import { unescapeOf } from './escaped.ts';
import styles from './inspector.module.css';
import { NearWatch } from './near-watch.ts';
import { textBlocks } from './text-blocks.ts';
import { selectedText } from './text-copy.ts';
import { TextPart } from './text-part.tsx';
import { countInvalid, isUnusual } from './text-segments.ts';
import type { Match } from './use-find.ts';
import { usePayload } from './use-payload.ts';

const step = 256 * 1_024;
const most = 4 * 1_048_576;
/** Blocks that are drawn before it is known which are in sight. */
const firstDrawn = 2;

interface TextViewProps {
  readonly selection: Selection;
  /** Bytes to point out and to bring into sight. */
  readonly match: Match | undefined;
}

/** The message as UTF-8, what is not UTF-8 marked. Always text, never markup. */
export function TextView({ selection, match }: TextViewProps) {
  const [limit, setLimit] = useState(step);
  const needed = match ? Math.min(most, match.at + match.length) : 0;
  const { row, info } = selection;
  const escaping = useMemo(() => unescapeOf(row, info), [row, info]);
  // What is escaped is read whole or not at all.
  const payload = usePayload(selection.session, row.seq, escaping ? most : Math.max(limit, needed));
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
      <pre ref={region} className={styles.pre} tabIndex={0} role="region" aria-label="Message as text" onCopy={copy}>
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
          {shown < payload.total ? `${bytesText(shown)} of ${bytesText(payload.total)}` : countOf(bytes.length, 'byte')}
          {invalid > 0 ? `, ${countOf(invalid, 'place')} not UTF-8` : ', UTF-8'}
        </span>
        {isRead ? <span>{escaping?.note}</span> : null}
        <CheckField label="Show line ends and tabs" checked={reveal} onChange={setSelected} />
        {shown < payload.total && limit < most && !escaping ? (
          <Button small onClick={() => setLimit(Math.min(limit * 4, most))}>
            Show more
          </Button>
        ) : null}
        {shown < payload.total && (limit >= most || escaping) ? <span>Hex shows the rest.</span> : null}
      </div>
    </div>
  );
}
