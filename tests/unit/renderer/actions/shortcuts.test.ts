import { describe, expect, test } from 'vitest';
import { actions } from '../../../../src/renderer/actions/actions.ts';
import { actionOf, isPress, type KeyPress, keysText } from '../../../../src/renderer/actions/shortcuts.ts';
import { type Action, contextOf } from '../../../../src/renderer/state/action.ts';
import { fakeHost, sessionView } from '../fake-services.ts';

const press = (key: string, mods = '', code = ''): KeyPress => ({
  key,
  code,
  ctrlKey: mods.includes('c'),
  metaKey: mods.includes('m'),
  shiftKey: mods.includes('s'),
  altKey: mods.includes('a'),
});

describe('shortcuts', () => {
  test('are Ctrl, and ⌘ on a Mac', () => {
    expect(isPress('Mod+K', press('k', 'c'), false)).toBe(true);
    expect(isPress('Mod+K', press('k', 'm'), true)).toBe(true);
    expect(isPress('Mod+K', press('k', 'm'), false)).toBe(false);
    expect(isPress('Mod+K', press('k', 'ca'), false)).toBe(false);
  });

  test('tell with Shift from without', () => {
    expect(isPress('Mod+Shift+S', press('S', 'cs'), false)).toBe(true);
    expect(isPress('Mod+Shift+S', press('s', 'c'), false)).toBe(false);
  });

  test('go by the place of the key where the layout writes another script', () => {
    expect(isPress('Mod+K', press('л', 'c', 'KeyK'), false)).toBe(true);
    expect(isPress('Mod+1', press('&', 'c', 'Digit1'), false)).toBe(true);
    // On AZERTY the key in Q’s place writes a: it is no Ctrl+Q.
    expect(isPress('Mod+Q', press('a', 'c', 'KeyQ'), false)).toBe(false);
  });

  test('are read as a person writes them', () => {
    expect(keysText('Mod+Shift+S', false)).toBe('Ctrl+Shift+S');
    expect(keysText('Mod+Shift+S', true)).toBe('⇧⌘S');
    expect(keysText('Mod+Enter', true)).toBe('⌘↵');
  });
});

describe('actions', () => {
  test('have unique names and shortcuts', () => {
    const ids = actions.map(({ id }) => id);
    const keys = actions.flatMap(({ keys: own, within, tabKind }) =>
      own === undefined ? [] : [`${own} in ${within ?? tabKind ?? 'all'}`],
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('of one place come before those of the whole window with the same keys', () => {
    for (const [index, { keys, within, tabKind }] of actions.entries()) {
      if (keys === undefined || (within ?? tabKind) === undefined) continue;
      const isGeneral = (other: Action) => other.keys === keys && (other.within ?? other.tabKind) === undefined;
      expect(actions.findIndex(isGeneral)).toBeGreaterThan(index);
    }
  });

  test('of a send list have their keys only in its tab', () => {
    const find = (tab?: 'send-list' | 'endpoint') => actionOf(actions, press('Enter', 'c'), false, undefined, tab)?.id;
    expect(find('send-list')).toBe('run-list');
    expect(find('endpoint')).toBe('send');
    expect(find()).toBe('send');
  });

  test('are found by their keys', () => {
    const find = (given: KeyPress) => actionOf(actions, given, false)?.id;
    expect(find(press('Enter', 'c'))).toBe('send');
    expect(find(press('L', 'cs'))).toBe('toggle-endpoint');
    expect(find(press('l', 'c'))).toBe('focus-address');
    expect(find(press('8', 'c'))).toBe('tab-8');
    expect(find(press('Enter'))).toBeUndefined();
  });

  test('can be done only where they mean something', () => {
    const { services } = fakeHost({});
    const enabled = (id: string) => actions.find((action) => action.id === id)?.enabled(contextOf(services));
    expect([enabled('send'), enabled('save-session'), enabled('tab-2')]).toEqual([false, false, false]);
    services.live.setState({ sessions: new Map([['s', sessionView('s')]]) });
    expect(enabled('save-session')).toBe(true);
  });
});
