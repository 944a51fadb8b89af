import { type ClipboardEvent, useMemo, useRef, useState } from 'react';
import type { Selection } from '../../state/selection.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { CheckField } from '../../ui/field.tsx';
import type { Match } from './find-bar.tsx';
import styles from './message-views.module.css';
import { unescapeOf, usePayload } from './record-data.ts';
import { strings } from './strings.ts';
import { NearWatch, TextPart } from './text-part.tsx';
import { countInvalid, isUnusual, type TextBlock, textBlocks, textSegments } from './text-segments.ts';

/** The text of a message that is drawn in blocks. */
interface DrawnText {
  readonly bytes: Uint8Array;
  readonly blocks: readonly TextBlock[];
  readonly reveal: boolean;
}

/**
 * Returns the selected text in `region`, including blocks that are not drawn, and without a line break where a line is split
 * into blocks. `undefined` if the selection is within one block, which the browser copies correctly, or outside `region`.
 */
function selectedText(region: Element, selection: globalThis.Selection, text: DrawnText): string | undefined {
  if (selection.rangeCount === 0 || selection.isCollapsed) return undefined;
  const range = selection.getRangeAt(0);
  const first = partOf(region, range.startContainer);
  const last = partOf(region, range.endContainer);
  if (!first || !last || first === last) return undefined;
  const head = range.cloneRange();
  head.setEnd(first, first.childNodes.length);
  const tail = range.cloneRange();
  tail.setStart(last, 0);
  let between = '';
  for (let index = indexOf(first) + 1; index < indexOf(last); index += 1) between += textOf(text, index);
  return textIn(head) + between + textIn(tail);
}

function partOf(region: Element, node: Node): Element | undefined {
  const element = node instanceof Element ? node : node.parentElement;
  const part = element?.closest('[data-part]');
  return part && region.contains(part) ? part : undefined;
}

function indexOf(part: Element): number {
  return Number(part.getAttribute('data-part'));
}

/** Returns the text of `range` with line ends, but without their symbols. */
function textIn(range: Range): string {
  const content = range.cloneContents();
  for (const end of content.querySelectorAll('[data-segment="end"]')) end.remove();
  return content.textContent ?? '';
}

function textOf({ bytes, blocks, reveal }: DrawnText, index: number): string {
  const block = blocks[index];
  if (!block) return '';
  const { from, to } = block;
  return textSegments(bytes.subarray(from, to), { reveal, next: bytes[to], start: from })
    .filter(({ kind }) => kind !== 'end')
    .map((segment) => segment.text)
    .join('');
}

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
