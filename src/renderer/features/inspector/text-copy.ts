import type { TextBlock } from './text-blocks.ts';
import { textSegments } from './text-segments.ts';

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
export function selectedText(region: Element, selection: Selection, text: DrawnText): string | undefined {
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
