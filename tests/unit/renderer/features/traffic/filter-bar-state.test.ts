import { describe, expect, test } from 'vitest';
import { chooseOption, completeFilter } from '#shared/filter/complete.ts';
import { parseFilter } from '#shared/filter/parse.ts';
import {
  type BarState,
  checkedLate,
  edited,
  isSearching,
  isUnfinished,
  itemSelected,
  itemsOf,
  keyPressed,
  markedPieces,
  restingState,
  withHistory,
} from '../../../../../src/renderer/features/traffic/filter-bar-state.ts';

const language = { parseFilter, completeFilter, chooseOption };
const used = ['in', 'out', 'in', ''];
const typed = (text: string, caret = text.length) => edited(text, caret, language);
const labels = (state: BarState) => itemsOf(state).map(({ label }) => label);

/** The state after `keys`, with the last key's command. */
function press(state: BarState, ...keys: string[]) {
  let step = { state, command: 'none' } as ReturnType<typeof keyPressed>;
  for (const key of keys) step = keyPressed(step.state, key, used, language);
  return step;
}

describe('the filter bar', () => {
  test('offers what fits while one types, and checks what is there', () => {
    const state = typed('l');
    expect(labels(state)).toEqual(['len', 'local']);
    expect(state).toMatchObject({ active: -1, problem: undefined, message: 'waiting' });
    expect(typed('len').problem).toMatchObject({ from: 0, to: 3 });
    expect(typed('')).toMatchObject({ list: 'none', problem: undefined });
  });

  test('notes what is typed before the language is there', () => {
    expect(edited('len', 3, undefined)).toMatchObject({ text: 'len', caret: 3, list: 'none', problem: undefined });
  });

  test('offers what fits as soon as the language is there, where somebody waits for it', () => {
    const noted = edited('l', 1, undefined);
    expect(labels(checkedLate(noted, true, language))).toEqual(['len', 'local']);
    expect(labels(checkedLate(noted, false, language))).toEqual([]);
    expect(checkedLate(edited('len >', 5, undefined), false, language).problem).toMatchObject({ from: 5 });
  });

  test('takes the marked option with Enter, and shows what comes next', () => {
    const { state, command } = press(typed('l'), 'ArrowDown', 'ArrowDown', 'Enter');
    expect(command).toBe('none');
    expect(state).toMatchObject({ text: 'local ', caret: 6, list: 'options', active: -1 });
    expect(labels(state)).toContain('contains');
  });

  test('takes the first option with Tab, in the middle of a filter too', () => {
    const { state } = press(typed('in && l && out', 7), 'Tab');
    expect(state).toMatchObject({ text: 'in && len && out', caret: 10 });
  });

  test('applies with Enter where nothing is marked', () => {
    expect(press(typed('l'), 'Enter').command).toBe('apply');
    expect(press(typed('l'), 'ArrowDown', 'ArrowUp', 'Enter').command).toBe('apply');
  });

  test('goes around the list, over the text itself', () => {
    const actives = ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown'].map((_, count, keys) => {
      return press(typed('l'), ...keys.slice(0, count + 1)).state.active;
    });
    expect(actives).toEqual([0, 1, -1, 0]);
    expect(press(typed('l'), 'ArrowUp').state.active).toBe(1);
  });

  test('closes with Escape, then clears, then lets the key go', () => {
    const first = press(typed('l'), 'Escape');
    expect(first).toMatchObject({ command: 'none', state: { text: 'l', list: 'none' } });
    const second = press(first.state, 'Escape');
    expect(second).toMatchObject({ command: 'clear', state: { text: '' } });
    expect(press(second.state, 'Escape').command).toBe('pass');
  });

  test('takes away a problem’s words with Escape before the text', () => {
    const shown: BarState = { ...typed('in && sokcet == 3'), list: 'none', message: 'shown' };
    const first = press(shown, 'Escape');
    expect(first).toMatchObject({ command: 'none', state: { text: shown.text, message: 'dismissed' } });
    expect(press(first.state, 'Escape').command).toBe('clear');
  });

  test('marks no problem while the filter is only not finished', () => {
    for (const text of ['len', 'len ', 'len >', 'in && (out', 'text contains "a']) {
      expect(isUnfinished(typed(text)), text).toBe(true);
      expect(isUnfinished({ ...typed(text), message: 'shown' }), text).toBe(false);
    }
    expect(isUnfinished(typed('len > x && in'))).toBe(false);
    expect(isUnfinished(typed('len > && in', 5))).toBe(false);
    expect(isUnfinished(typed('in'))).toBe(false);
  });

  test('recalls the recent filters with the arrow down in the empty line', () => {
    const { state } = press(restingState(''), 'ArrowDown');
    expect(labels(state)).toEqual(['in', 'out']);
    expect(press(state, 'ArrowDown', 'Enter')).toMatchObject({
      command: 'apply',
      state: { text: 'out', list: 'none' },
    });
  });

  test('shows what can stand at the caret with the arrow down, and all fields where nothing was used', () => {
    expect(labels(press(restingState('len > 5 '), 'ArrowDown').state)).toEqual(['&&', '||']);
    expect(labels(keyPressed(restingState(''), 'ArrowDown', [], language).state)).toContain('socket');
  });

  test('does not offer the filter that is there already', () => {
    expect(labels(withHistory(restingState('in'), used))).toEqual(['out']);
    expect(withHistory(restingState('in'), ['in']).list).toBe('none');
  });

  test('lets Tab move on where there is no list', () => {
    expect(press(restingState('in'), 'Tab').command).toBe('pass');
    expect(press(withHistory(restingState(''), used), 'Tab')).toMatchObject({
      command: 'pass',
      state: { list: 'none' },
    });
  });

  test('chooses with a click what an arrow would', () => {
    expect(itemSelected(typed('kind == cl'), 0, language).state.text).toBe('kind == closed ');
    expect(itemSelected(typed('l'), 7, language)).toMatchObject({
      command: 'none',
      state: { text: 'l', list: 'none' },
    });
  });
});

describe('the place of a problem', () => {
  test.each([
    ['len > x', ['len > ', 'x', '']],
    ['len > x && in', ['len > ', 'x', ' && in']],
    ['"é😀"  foo', ['"é😀"  ', 'foo', '']],
    ['len >', ['len >', '\u00a0', '']],
  ])('in %s is marked', (text, pieces) => {
    const { problem } = typed(text);
    expect(problem && Object.values(markedPieces(text, problem))).toEqual(pieces);
  });
});

describe('a search', () => {
  test('has a way to go until it has nearly caught up', () => {
    expect(isSearching({ matched: 0, scanned: 500_000, total: 1_000_000 })).toBe(true);
    expect(isSearching({ matched: 0, scanned: 999_000, total: 1_000_000 })).toBe(false);
    expect(isSearching({ matched: 0, scanned: 0, total: 500 })).toBe(false);
  });
});
