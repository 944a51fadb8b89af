import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { loadFilterLanguage, useFilterLanguage } from './filter-bar-language.ts';
import {
  type BarState,
  type BarStep,
  chosen,
  closed,
  edited,
  keyPressed,
  restingState,
  typedBefore,
  withHistory,
} from './filter-bar-state.ts';

/** How long nobody types before the words of a problem are shown, in milliseconds. */
const problemDelayMs = 800;

interface FilterBarUse {
  readonly value: string;
  readonly onApply: (text: string) => void;
  readonly history: readonly string[];
}

/** The state of a filter bar, and what happens in it. */
export function useFilterBar({ value, onApply, history }: FilterBarUse) {
  const input = useRef<HTMLInputElement>(null);
  const [applied, setApplied] = useState(value);
  const [state, setState] = useState(() => restingState(value));
  const [hasFocus, setHasFocus] = useState(false);
  const [isUsed, setUsed] = useState(false);
  const language = useFilterLanguage(isUsed);
  // A choice puts the caret behind what it wrote; typing and clicking put it where the browser does.
  const [movesCaret, setMovesCaret] = useState(false);

  if (applied !== value) {
    // Applied by someone else: “filter by this value”, another tab.
    setApplied(value);
    setState(restingState(value));
  }

  useEffect(() => {
    const isTyping = document.activeElement === input.current;
    if (language) setState((now) => (now.text === applied ? now : typedBefore(now, isTyping, language)));
  }, [language, applied]);

  useLayoutEffect(() => {
    if (!movesCaret) return;
    input.current?.focus();
    input.current?.setSelectionRange(state.caret, state.caret);
    setMovesCaret(false);
  }, [movesCaret, state.caret]);

  const { problem, words } = state;
  useEffect(() => {
    if (!problem || words !== 'waiting') return;
    const show = () => setState((now) => (now.problem === problem ? { ...now, words: 'shown' } : now));
    const timer = setTimeout(show, problemDelayMs);
    return () => clearTimeout(timer);
  }, [problem, words]);

  const apply = async (text: string) => {
    const parsed = (language ?? (await loadFilterLanguage()))?.parseFilter(text);
    if (parsed && !parsed.ok) {
      setState((now) => (now.text === text ? { ...closed(now), problem: parsed.problem, words: 'shown' } : now));
      return;
    }
    setState((now) => (now.text === text ? restingState(text) : now));
    if (text.trim() !== value) onApply(text.trim());
  };

  const take = ({ state: next, command }: BarStep) => {
    write(next.text);
    if (next !== state) setState(next);
    if (next.text !== state.text) setMovesCaret(true);
    if (command === 'apply') void apply(next.text);
    if (command === 'clear') clear();
  };

  /** Puts `text` in as if it were typed, so that it can be undone; the browser tells `onType`. */
  const write = (text: string) => {
    const element = input.current;
    if (!element || element.value === text) return;
    element.focus();
    element.select();
    if (text === '') document.execCommand('delete');
    else document.execCommand('insertText', false, text);
  };

  const clear = () => {
    write('');
    setState(restingState(''));
    if (value !== '') onApply('');
  };

  return {
    input,
    state,
    hasFocus,
    onFocus: () => {
      setUsed(true);
      setHasFocus(true);
    },
    onBlur: () => {
      setHasFocus(false);
      setState(closed);
    },
    onType: (text: string, caret: number) => setState(edited(text, caret, language)),
    onCaret: (caret: number) => setState((now: BarState) => (now.caret === caret ? now : { ...closed(now), caret })),
    onKey: (event: KeyboardEvent) => {
      const { key, ctrlKey, altKey, metaKey, shiftKey } = event;
      if (event.nativeEvent.isComposing || ctrlKey || altKey || metaKey || shiftKey) return;
      const step = keyPressed(state, key, history, language);
      if (step.command !== 'pass') event.preventDefault();
      take(step);
    },
    onChoose: (index: number) => take(chosen(state, index, language)),
    onRecall: () => {
      input.current?.focus();
      setState((now) => (now.list === 'history' ? closed(now) : withHistory(now, history)));
    },
    onTry: (example: string) => {
      const text = state.text.trim() === '' ? example : `${state.text.trimEnd()} && ${example}`;
      write(text);
      setState(closed(edited(text, text.length, language)));
      setMovesCaret(true);
    },
    clear: () => {
      clear();
      input.current?.focus();
    },
  };
}
