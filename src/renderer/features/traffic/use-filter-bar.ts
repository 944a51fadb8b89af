import {
  type Dispatch,
  type KeyboardEvent,
  type RefObject,
  type SetStateAction,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { FilterProblem } from '#shared/filter/ast.ts';
import { useServices } from '../../state/services.ts';
import {
  type BarState,
  type BarStep,
  checkedLate,
  closed,
  edited,
  type FilterLanguage,
  itemSelected,
  keyPressed,
  restingState,
  withHistory,
} from './filter-bar-state.ts';

/** Pause in typing after which the message of a problem is shown, in milliseconds. */
const problemDelayMs = 800;

interface FilterBarUse {
  readonly value: string;
  readonly onApply: (text: string) => void;
  readonly history: readonly string[];
}

export type FilterBarControls = ReturnType<typeof useFilterBar>;

/** Returns the problem whose message is shown, if any. */
export function shownProblemOf({ hasFocus, state }: FilterBarControls): FilterProblem | undefined {
  return hasFocus && state.message === 'shown' ? state.problem : undefined;
}

/** The state of a filter bar, and the handlers of its events. */
export function useFilterBar({ value, onApply, history }: FilterBarUse) {
  const input = useRef<HTMLInputElement>(null);
  const [hasFocus, setHasFocus] = useState(false);
  const [isUsed, setUsed] = useState(false);
  const lazy = useServices().own(createFilterLanguage);
  const language = useFilterLanguage(lazy, isUsed);
  const [state, setState] = useBarState(value, language, input);
  const moveCaret = useCaret(state.caret, input);

  const apply = async (text: string) => {
    const parsed = (language ?? (await lazy.load()))?.parseFilter(text);
    if (parsed && !parsed.ok) {
      setState((now) => (now.text === text ? { ...closed(now), problem: parsed.problem, message: 'shown' } : now));
      return;
    }
    setState((now) => (now.text === text ? restingState(text) : now));
    if (text.trim() !== value) onApply(text.trim());
  };

  const clear = () => {
    typeText(input.current, '');
    setState(restingState(''));
    if (value !== '') onApply('');
  };

  const applyStep = ({ state: next, command }: BarStep) => {
    typeText(input.current, next.text);
    if (next !== state) setState(next);
    if (next.text !== state.text) moveCaret();
    if (command === 'apply') void apply(next.text);
    if (command === 'clear') clear();
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
      applyStep(step);
    },
    onSelectItem: (index: number) => applyStep(itemSelected(state, index, language)),
    onRecall: () => {
      input.current?.focus();
      setState((now) => (now.list === 'history' ? closed(now) : withHistory(now, history)));
    },
    onTry: (example: string) => {
      const text = state.text.trim() === '' ? example : `${state.text.trimEnd()} && ${example}`;
      typeText(input.current, text);
      setState(closed(edited(text, text.length, language)));
      moveCaret();
    },
    clear: () => {
      clear();
      input.current?.focus();
    },
  };
}

/** The state of the bar: follows the applied filter `value`, the loading of the language, and pauses in typing. */
function useBarState(
  value: string,
  language: FilterLanguage | undefined,
  input: RefObject<HTMLInputElement | null>,
): [BarState, Dispatch<SetStateAction<BarState>>] {
  const [applied, setApplied] = useState(value);
  const [state, setState] = useState(() => restingState(value));
  if (applied !== value) {
    // Something else applied the filter, such as “Filter by this value” or another tab.
    setApplied(value);
    setState(restingState(value));
  }

  useEffect(() => {
    const isTyping = document.activeElement === input.current;
    if (language) setState((now) => (now.text === applied ? now : checkedLate(now, isTyping, language)));
  }, [language, applied, input]);

  const { problem, message } = state;
  useEffect(() => {
    if (!problem || message !== 'waiting') return;
    const show = () => setState((now) => (now.problem === problem ? { ...now, message: 'shown' } : now));
    const timer = setTimeout(show, problemDelayMs);
    return () => clearTimeout(timer);
  }, [problem, message]);
  return [state, setState];
}

/** Returns a function that focuses `input` and moves its caret to `caret` after the next render. */
function useCaret(caret: number, input: RefObject<HTMLInputElement | null>): () => void {
  const [isMoving, setMoving] = useState(false);
  useLayoutEffect(() => {
    if (!isMoving) return;
    input.current?.focus();
    input.current?.setSelectionRange(caret, caret);
    setMoving(false);
  }, [isMoving, caret, input]);
  return () => setMoving(true);
}

/** Replaces the text of `element` as if the user typed it: undo works, and the browser fires an input event. */
function typeText(element: HTMLInputElement | null, text: string): void {
  if (!element || element.value === text) return;
  element.focus();
  element.select();
  if (text === '') document.execCommand('delete');
  else document.execCommand('insertText', false, text);
}

/** The filter language, which is loaded when it is first used. */
class LazyLanguage {
  loaded: FilterLanguage | undefined;
  #loading: Promise<FilterLanguage | undefined> | undefined;

  /** Loads the filter language; `undefined` if that fails. The engine checks each filter again. */
  load(): Promise<FilterLanguage | undefined> {
    this.#loading ??= Promise.all([import('#shared/filter/parse.ts'), import('#shared/filter/complete.ts')]).then(
      ([{ parseFilter }, { completeFilter, chooseOption }]) => {
        this.loaded = { parseFilter, completeFilter, chooseOption };
        return this.loaded;
      },
      () => {
        // Allow another attempt.
        this.#loading = undefined;
        return undefined;
      },
    );
    return this.#loading;
  }
}

/** Creates the filter language of the page, which is loaded later. */
export function createFilterLanguage(): LazyLanguage {
  return new LazyLanguage();
}

/** Returns the filter language once it is `wanted` and loaded. */
function useFilterLanguage(lazy: LazyLanguage, wanted: boolean): FilterLanguage | undefined {
  const [language, setLanguage] = useState(() => lazy.loaded);
  useEffect(() => {
    let isShown = true;
    if (wanted && !language) void lazy.load().then((found) => isShown && setLanguage(found));
    return () => {
      isShown = false;
    };
  }, [lazy, wanted, language]);
  return language;
}
