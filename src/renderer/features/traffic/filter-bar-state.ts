import type { FilterProblem, ParsedFilter } from '#shared/filter/ast.ts';
import type { FilterCompletion, FilterOption } from '#shared/filter/complete.ts';

/** The functions of the filter language that the bar uses. They are loaded on first use. */
export interface FilterLanguage {
  readonly parseFilter: (text: string) => ParsedFilter;
  readonly completeFilter: (text: string, caret: number) => FilterCompletion;
  readonly chooseOption: (
    text: string,
    completion: FilterCompletion,
    option: FilterOption,
  ) => { text: string; caret: number };
}

/** The filter while it is being typed. */
export interface BarState {
  readonly text: string;
  /** Position of the caret in `text`, in UTF-16 units. */
  readonly caret: number;
  readonly list: 'none' | 'options' | 'history';
  readonly completion: FilterCompletion;
  /** Recent filters other than `text`, the latest first. */
  readonly history: readonly string[];
  /** Index of the list item that Enter selects; -1 for none. */
  readonly active: number;
  readonly problem: FilterProblem | undefined;
  /** The message of the problem is shown after Enter or a pause in typing, and hidden by Escape. */
  readonly message: 'waiting' | 'shown' | 'dismissed';
}

export interface ListItem {
  readonly label: string;
  readonly detail: string;
}

/** What the bar does in addition to showing the new state. */
type BarCommand =
  | 'none'
  /** Leave the key to the browser. */
  | 'pass'
  /** Check the text and apply it. */
  | 'apply'
  | 'clear';

export interface BarStep {
  readonly state: BarState;
  readonly command: BarCommand;
}

const noCompletion: FilterCompletion = { from: 0, to: 0, options: [] };

/** Returns the state of a bar that contains `text` and has no list open. */
export function restingState(text: string): BarState {
  return {
    text,
    caret: text.length,
    list: 'none',
    completion: noCompletion,
    history: [],
    active: -1,
    problem: undefined,
    message: 'waiting',
  };
}

/** Returns the items of the open list; none while it is closed. */
export function itemsOf({ list, completion, history }: BarState): readonly ListItem[] {
  if (list === 'options') return completion.options;
  return list === 'history' ? history.map((label) => ({ label, detail: '' })) : [];
}

/** Returns the state after typing: `text` checked and completed, or only stored while `language` is not loaded. */
export function edited(text: string, caret: number, language: FilterLanguage | undefined): BarState {
  const completion = language?.completeFilter(text, caret) ?? noCompletion;
  return {
    ...restingState(text),
    caret,
    completion,
    list: text !== '' && completion.options.length > 0 ? 'options' : 'none',
    problem: problemOf(text, language),
  };
}

/** Checks text that was typed before the language was loaded. The list opens only if the user `isTyping`. */
export function checkedLate(state: BarState, isTyping: boolean, language: FilterLanguage): BarState {
  const checked = edited(state.text, state.caret, language);
  return isTyping ? checked : closed(checked);
}

function problemOf(text: string, language: FilterLanguage | undefined): FilterProblem | undefined {
  const parsed = language?.parseFilter(text);
  return parsed && !parsed.ok ? parsed.problem : undefined;
}

/** Opens the list of recent filters; without any, returns `state` unchanged. */
export function withHistory(state: BarState, used: readonly string[]): BarState {
  const history = used.filter((text, index) => text !== state.text && text !== '' && used.indexOf(text) === index);
  return history.length === 0 ? state : { ...state, history, list: 'history', active: -1 };
}

function withOptions(state: BarState, language: FilterLanguage | undefined): BarState {
  const completion = language?.completeFilter(state.text, state.caret) ?? noCompletion;
  return completion.options.length === 0 ? state : { ...state, completion, list: 'options', active: 0 };
}

/** Returns the state and the command after `key`, pressed without Ctrl, Alt or Shift. */
export function keyPressed(
  state: BarState,
  key: string,
  used: readonly string[],
  language: FilterLanguage | undefined,
): BarStep {
  const count = itemsOf(state).length;
  switch (key) {
    case 'ArrowDown':
    case 'ArrowUp':
      return arrowPressed(state, key, used, language);
    case 'Enter':
      return state.active >= 0 ? itemSelected(state, state.active, language) : { state, command: 'apply' };
    case 'Tab':
      if (state.list !== 'options' || count === 0) return { state: closed(state), command: 'pass' };
      return itemSelected(state, Math.max(state.active, 0), language);
    case 'Escape':
      if (state.list !== 'none' || (state.problem && state.message === 'shown')) {
        return { state: { ...closed(state), message: 'dismissed' }, command: 'none' };
      }
      return state.text === '' ? { state, command: 'pass' } : { state: restingState(''), command: 'clear' };
    default:
      return { state, command: 'pass' };
  }
}

function arrowPressed(
  state: BarState,
  key: 'ArrowDown' | 'ArrowUp',
  used: readonly string[],
  language: FilterLanguage | undefined,
): BarStep {
  const count = itemsOf(state).length;
  if (count === 0) {
    if (key === 'ArrowUp') return { state, command: 'pass' };
    const recalled = state.text === '' ? withHistory(state, used) : state;
    const open = recalled.list === 'history' ? { ...recalled, active: 0 } : withOptions(state, language);
    return { state: open, command: 'none' };
  }
  // The position between the last and the first item is the text itself.
  const places = count + 1;
  const next = (state.active + 1 + (key === 'ArrowDown' ? 1 : places - 1)) % places;
  return { state: { ...state, active: next - 1 }, command: 'none' };
}

/** Closes the list. */
export function closed(state: BarState): BarState {
  return { ...state, list: 'none', active: -1 };
}

/** Selects item `index` of the list: inserts a suggestion into the text, or applies a recent filter. */
export function itemSelected(state: BarState, index: number, language: FilterLanguage | undefined): BarStep {
  if (state.list === 'history') return { state: restingState(state.history[index] ?? state.text), command: 'apply' };
  const option = state.completion.options[index];
  if (option === undefined || language === undefined) return { state: closed(state), command: 'none' };
  const { text, caret } = language.chooseOption(state.text, state.completion, option);
  return { state: edited(text, caret, language), command: 'none' };
}

/** Returns true while the only problem is that the filter is incomplete. It is marked only after Enter or a pause. */
export function isUnfinished({ text, caret, problem, message }: BarState): boolean {
  const end = text.trimEnd().length;
  return message !== 'shown' && problem !== undefined && problem.to >= end && caret >= end;
}

/** Splits `text` around `problem`. An empty mark becomes a no-break space, so that it is visible after the end. */
export function markedPieces(text: string, problem: FilterProblem): { before: string; marked: string; after: string } {
  const before = text.slice(0, problem.from);
  const marked = text.slice(problem.from, problem.to);
  return { before, marked: marked === '' ? '\u00a0' : marked, after: text.slice(problem.to) };
}

/** Progress of a search. */
export interface SearchStatus {
  /** Undefined until the first result of this search. */
  readonly matched: number | undefined;
  readonly scanned: number;
  readonly total: number;
}

/** Returns true while a search is in progress. A search of live traffic that lags by up to 1 % counts as complete. */
export function isSearching({ scanned, total }: SearchStatus): boolean {
  return total - scanned > Math.max(1_000, total / 100);
}
