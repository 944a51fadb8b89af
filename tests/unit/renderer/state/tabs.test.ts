import { describe, expect, test } from 'vitest';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { formOf } from '../../../../src/renderer/state/endpoint-form.ts';
import {
  activeTab,
  endpointTab,
  startTab,
  type TabsState,
  withEndpointTab,
  withoutTab,
  withTab,
} from '../../../../src/renderer/state/tabs.ts';

const form = formOf(defaultServer);
const three = (): TabsState => {
  const tabs = [startTab(), endpointTab(form), endpointTab(form)];
  return { tabs, active: tabs[1]?.id ?? '' };
};

describe('tabs', () => {
  test('open in the place of a start page, or at the end', () => {
    const start = startTab();
    const state: TabsState = { tabs: [start], active: start.id };
    const made = endpointTab(form);
    expect(withTab(state, made, { replaceStart: true })).toEqual({ tabs: [made], active: made.id });
    expect(withTab(state, made, { replaceStart: false }).tabs).toEqual([start, made]);
  });

  test('give way to their right neighbour, or to their left one at the end', () => {
    const state = three();
    const [first, second, third] = state.tabs;
    expect(withoutTab(state, second?.id ?? '').active).toBe(third?.id);
    expect(withoutTab({ ...state, active: third?.id ?? '' }, third?.id ?? '').active).toBe(second?.id);
    expect(withoutTab(state, first?.id ?? '').active).toBe(second?.id);
  });

  test('are never none: the last one leaves a start page', () => {
    const start = startTab();
    const state = withoutTab({ tabs: [start], active: start.id }, start.id);
    expect(activeTab(state)?.kind).toBe('start');
    expect(state.tabs[0]?.id).not.toBe(start.id);
  });

  test('of another kind are left alone by a change to an endpoint’s tab', () => {
    const state = three();
    expect(withEndpointTab(state, state.tabs[0]?.id ?? '', { busy: true })).toEqual(state);
  });
});
