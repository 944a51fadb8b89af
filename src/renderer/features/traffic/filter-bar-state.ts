import type { FilterProblem, ParsedFilter } from '#shared/filter/ast.ts';
import type { FilterCompletion, FilterOption } from '#shared/filter/complete.ts';

/** What the bar needs of the filter language, which is loaded when it is first used. */
export interface FilterLanguage {
  readonly parseFilter: (text: string) => ParsedFilter;
  readonly completeFilter: (text: string, caret: number) => FilterCompletion;
  readonly chooseOption: (
    text: string,
    completion: FilterCompletion,
    option: FilterOption,
  ) => { text: string; caret: number };
}

/** The filter as it is being written. */
export interface BarState {
  readonly text: string;
  /** Where typing goes on, in UTF-16 units. */
  readonly caret: number;
  readonly list: 'none' | 'options' | 'history';
  readonly completion: FilterCompletion;
  /** The filters used before that fit, the last first. */
  readonly history: readonly string[];
  /** The item of the list that Enter would take; -1 for none. */
  readonly active: number;
  readonly problem: FilterProblem | undefined;
  /** The words of the problem are shown once Enter was pressed or nobody has typed for a moment, until Escape. */
  readonly words: 'waiting' | 'shown' | 'dismissed';
}

export interface ListItem {
  readonly label: string;
  readonly detail: string;
}

/** What the bar has to do beside showing the new state. */
type BarCommand =
  | 'none'
  /** The key is not the bar's: the browser does with it what it does. */
  | 'pass'
  /** Check the text and have it applied. */
  | 'apply'
  | 'clear';

export interface BarStep {
  readonly state: BarState;
  readonly command: BarCommand;
}

const noCompletion: FilterCompletion = { from: 0, to: 0, options: [] };

/** The bar with `text` in it, and nothing open. */
export function restingState(text: string): BarState {
  return {
    text,
    caret: text.length,
    list: 'none',
    completion: noCompletion,
    history: [],
    active: -1,
    problem: undefined,
    words: 'waiting',
  };
}

/** What the list shows, which is empty while it is closed. */
export function itemsOf({ list, completion, history }: BarState): readonly ListItem[] {
  if (list === 'options') return completion.options;
  return list === 'history' ? history.map((label) => ({ label, detail: '' })) : [];
}

/** The text was changed to `text`: checked at once, with what could come next. Without `language`, only noted. */
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

/** What was typed before the language was there: checked now, and with its list where somebody `isTyping` still. */
export function typedBefore(state: BarState, isTyping: boolean, language: FilterLanguage): BarState {
  const checked = edited(state.text, state.caret, language);
  return isTyping ? checked : closed(checked);
}

function problemOf(text: string, language: FilterLanguage | undefined): FilterProblem | undefined {
  const parsed = language?.parseFilter(text);
  return parsed && !parsed.ok ? parsed.problem : undefined;
}

/** The list of the filters used before, or what can stand at the caret where there are none. */
export function withHistory(state: BarState, used: readonly string[]): BarState {
  const history = used.filter((text, index) => text !== state.text && text !== '' && used.indexOf(text) === index);
  return history.length === 0 ? state : { ...state, history, list: 'history', active: -1 };
}

function withOptions(state: BarState, language: FilterLanguage | undefined): BarState {
  const completion = language?.completeFilter(state.text, state.caret) ?? noCompletion;
  return completion.options.length === 0 ? state : { ...state, completion, list: 'options', active: 0 };
}

/** The bar after the key `key`, pressed without Ctrl, Alt or Shift. */
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
      return state.active >= 0 ? chosen(state, state.active, language) : { state, command: 'apply' };
    case 'Tab':
      if (state.list !== 'options' || count === 0) return { state: closed(state), command: 'pass' };
      return chosen(state, Math.max(state.active, 0), language);
    case 'Escape':
      if (state.list !== 'none' || (state.problem && state.words === 'shown')) {
        return { state: { ...closed(state), words: 'dismissed' }, command: 'none' };
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
  // One place between the last and the first is the text itself.
  const places = count + 1;
  const next = (state.active + 1 + (key === 'ArrowDown' ? 1 : places - 1)) % places;
  return { state: { ...state, active: next - 1 }, command: 'none' };
}

export function closed(state: BarState): BarState {
  return { ...state, list: 'none', active: -1 };
}

/** Takes item `index` of the list: an option goes into the text, a filter used before is applied. */
export function chosen(state: BarState, index: number, language: FilterLanguage | undefined): BarStep {
  if (state.list === 'history') return { state: restingState(state.history[index] ?? state.text), command: 'apply' };
  const option = state.completion.options[index];
  if (option === undefined || language === undefined) return { state: closed(state), command: 'none' };
  const { text, caret } = language.chooseOption(state.text, state.completion, option);
  return { state: edited(text, caret, language), command: 'none' };
}

/** True while the problem is only that the filter is not finished yet: that is not marked before somebody asks. */
export function isUnfinished({ text, caret, problem, words }: BarState): boolean {
  const end = text.trimEnd().length;
  return words !== 'shown' && problem !== undefined && problem.to >= end && caret >= end;
}

/** The text around the place of `problem`: what is marked has at least one character, a blank behind the end. */
export function markedPieces(text: string, problem: FilterProblem): { before: string; marked: string; after: string } {
  const before = text.slice(0, problem.from);
  const marked = text.slice(problem.from, problem.to);
  return { before, marked: marked === '' ? '\u00a0' : marked, after: text.slice(problem.to) };
}

/** How far a search has come. */
export interface SearchStatus {
  /** None while nothing of this search is known. */
  readonly matched: number | undefined;
  readonly scanned: number;
  readonly total: number;
}

/** True while a search has a way to go: one that keeps up with live traffic is always a little behind. */
export function isSearching({ scanned, total }: SearchStatus): boolean {
  return total - scanned > Math.max(1_000, total / 100);
}
