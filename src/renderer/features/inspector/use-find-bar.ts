import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { Selection } from '../../client/selection-store.ts';
import { type InspectorView, isMessage } from './record-view.tsx';
import type { TreeFinder } from './tree-view.tsx';
import { type Match, useFind } from './use-find.ts';

/** Larger messages are not shown completely as text: their matches are shown in hex. */
const maxText = 4 * 1_048_576;

interface FindBarUse {
  readonly selection: Selection | undefined;
  readonly view: InspectorView;
  readonly onShow: (view: InspectorView) => void;
  readonly pane: RefObject<HTMLElement | null>;
  readonly tree: RefObject<TreeFinder | null>;
}

/** The state of the inspector's find bar, and its link to the views: the tree is searched in the page, bytes in the engine. */
export function useFindBar({ selection, view, onShow, pane, tree }: FindBarUse) {
  const find = useFind(selection);
  const focusBefore = useRef<Element>(null);
  const [opened, setOpened] = useState(0);
  const length = selection?.row.length ?? 0;
  useShownMatch(find.match, { view, length, onShow });

  const open = () => {
    if (opened === 0) focusBefore.current = document.activeElement;
    setOpened((times) => times + 1);
  };
  const close = () => {
    setOpened(0);
    // The element that had the focus may be gone, because matches can be shown in another view.
    const target = focusBefore.current?.isConnected
      ? focusBefore.current
      : pane.current?.querySelector('[tabindex="0"]');
    if (target instanceof HTMLElement) target.focus();
  };
  const findNext = async (backward: boolean) => {
    const isInTree = view === 'pretty' && find.kind === 'text' && find.text !== '';
    const status = isInTree ? tree.current?.find(find.text, backward) : undefined;
    if (status === undefined) await find.find(backward);
    else find.showStatus(status);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isFind =
      event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    if (!isFind || !isMessage(selection)) return;
    event.preventDefault();
    open();
  };
  return { find: { ...find, find: findNext }, opened, open, close, onKeyDown };
}

/** Switches to a view that can show `match`, once per match: the user may then select another view. */
function useShownMatch(
  match: Match | undefined,
  { view, length, onShow }: Pick<FindBarUse, 'view' | 'onShow'> & { readonly length: number },
): void {
  const shownMatch = useRef<Match>(undefined);
  useEffect(() => {
    if (match === shownMatch.current) return;
    shownMatch.current = match;
    const canShow = view === 'hex' || (view === 'text' && length <= maxText);
    if (match && !canShow) onShow(length <= maxText ? 'text' : 'hex');
  });
}
