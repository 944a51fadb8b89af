import { describe, expect, test } from 'vitest';
import { fakeSession } from '../../fake-session.ts';

describe('a filtered traffic view', () => {
  const every = (step: number) => `every ${step}`;

  async function filtered(total: number, step: number) {
    const session = fakeSession();
    session.grow(total);
    await session.answer();
    session.view.setFilter(every(step));
    await session.calm();
    return session;
  }

  test('counts rows by their place among the matches, and shows the newest while it follows', async () => {
    const { get } = await filtered(1_000, 10);
    expect(get()).toMatchObject({ shown: { filter: every(10) }, count: 100, total: 1_000, top: 90, follow: true });
    expect(get().rows.get(99)?.seq).toBe(990);
  });

  test('keeps the old rows until the first ones of the new filter are here', async () => {
    const { view, calm, get, pass, grow, answer } = fakeSession();
    grow(1_000);
    await answer();
    view.setFilter(every(10));
    pass(100);
    expect(get()).toMatchObject({ shown: { filter: '' }, count: 1_000, switching: true });
    expect(get().rows.get(999)?.seq).toBe(999);
    await calm();
    expect(get()).toMatchObject({ shown: { filter: every(10) }, switching: false });
  });

  test('has all matches of a search that ended before its first rows were here, and has nothing more to tell', async () => {
    const { view, state, calm, get, pass, grow, answer, tell, waiting } = fakeSession();
    grow(1_000);
    await answer();
    state.scanned = 0;
    view.setFilter(every(10));
    pass(100);
    for (const give of waiting.splice(0)) give();
    state.scanned = Number.POSITIVE_INFINITY;
    tell(every(10));
    await calm();
    expect(get()).toMatchObject({ count: 100, scanned: 1_000, searching: false, top: 90 });
    expect(get().rows.get(99)?.seq).toBe(990);
  });

  test('a record that is gone to while another filter is applied stays selected', async () => {
    const { view, calm, get, grow, answer } = fakeSession();
    grow(1_000);
    await answer();
    view.select(500);
    await calm();
    view.setFilter(every(10));
    const position = view.selectRecord(700);
    await calm();
    expect(await position).toMatchObject({ index: 70 });
    expect(get()).toMatchObject({ shown: { filter: every(10) }, selected: 700, selectedAt: 70 });
  });

  test('keeps the chosen record chosen and where it is on the screen', async () => {
    const { view, calm, get, grow, answer } = fakeSession();
    grow(1_000);
    await answer();
    view.scrollTo(496);
    view.select(500);
    await calm();
    view.setFilter(every(10));
    await calm();
    expect(get()).toMatchObject({ selected: 500, selectedAt: 50, selectedShown: true, top: 46 });
    view.setFilter('');
    await calm();
    expect(get()).toMatchObject({ selected: 500, selectedAt: 500, selectedShown: true, top: 496 });
  });

  test('keeps a chosen record that the filter hides, shows the nearest match, and steps on from there', async () => {
    const { view, calm, get, grow, answer } = fakeSession();
    grow(1_000);
    await answer();
    view.select(505);
    await calm();
    view.setFilter(every(10));
    await calm();
    expect(get()).toMatchObject({ selected: 505, selectedAt: 51, selectedShown: false });
    view.step(false);
    expect(get()).toMatchObject({ selected: 510, selectedAt: 51, selectedShown: true });
    view.step(true);
    expect(get()).toMatchObject({ selected: 500, selectedAt: 50 });
  });

  test('grows with what the engine tells, and what a search finds among old records is not new', async () => {
    const session = fakeSession();
    const { view, state, calm, get, grow, answer, tell } = session;
    grow(10_000);
    await answer();
    state.scanned = 1_000;
    view.setFilter(every(10));
    await calm();
    expect(get()).toMatchObject({ count: 100, scanned: 1_000, searching: true, top: 0, follow: true });
    state.scanned = 5_000;
    tell(every(10));
    await calm();
    expect(get()).toMatchObject({ count: 500, searching: true, top: 0, seen: 500 });
    state.scanned = Number.POSITIVE_INFINITY;
    tell(every(10));
    await calm();
    expect(get()).toMatchObject({ count: 1_000, searching: false, top: 990, follow: true });
    view.scrollTo(10);
    grow(10_500);
    tell(every(10));
    await calm();
    expect(get()).toMatchObject({ count: 1_050, seen: 1_000, follow: false });
  });

  test('shows the first matches of a long search at once, and the chosen record when the search has come to it', async () => {
    const { view, state, calm, get, grow, answer, tell } = fakeSession();
    grow(10_000);
    await answer();
    view.select(5_000);
    await calm();
    state.scanned = 1_000;
    view.setFilter(every(10));
    await calm();
    expect(get()).toMatchObject({ selected: 5_000, selectedAt: -1, top: 0, searching: true });
    state.scanned = Number.POSITIVE_INFINITY;
    tell(every(10));
    await calm();
    expect(get()).toMatchObject({ selected: 5_000, selectedAt: 500, selectedShown: true, searching: false });
    expect(get().top).toBeGreaterThan(490);
  });

  test('takes the last of several filters, and has the engine forget the others', async () => {
    const { view, calm, get, grow, answer, forgotten } = fakeSession();
    grow(1_000);
    await answer();
    view.setFilter(every(2));
    await calm();
    view.setFilter(every(5));
    view.setFilter(every(10));
    await calm();
    expect(get()).toMatchObject({ shown: { filter: every(10) }, count: 100 });
    expect(forgotten.toSorted()).toEqual([every(2), every(5)].toSorted());
    view.dispose();
    expect(forgotten.toSorted()).toEqual([every(2), every(5), every(10)].toSorted());
  });

  test('creates its query again when the engine has ended it, and keeps what is shown', async () => {
    const { view, calm, get, made, windows } = await filtered(1_000, 10);
    view.scrollTo(50);
    await calm();
    const before = windows.length;
    view.renew();
    await calm();
    expect(made.map(({ filter }) => filter)).toEqual([every(10), every(10)]);
    expect(windows.length).toBeGreaterThan(before);
    expect(get()).toMatchObject({ shown: { filter: every(10) }, count: 100, top: 50, failure: undefined });
    view.setFilter(every(5));
    await calm();
    expect(made).toHaveLength(3);
  });

  test('creates no query for all records when the engine has ended those of the page', async () => {
    const { view, calm, made, windows, grow, answer } = fakeSession();
    grow(1_000);
    await answer();
    const before = windows.length;
    view.renew();
    await calm();
    expect([made.length, windows.length]).toEqual([0, before]);
  });

  test('has the engine know the endpoint as a part of the query, and refers to that for every row', async () => {
    const { view, calm, get, grow, answer, made, windows, forgotten } = fakeSession();
    grow(1_000);
    await answer();
    view.setFilter('', 'e1');
    await calm();
    expect(made).toEqual([{ session: 's', filter: '', endpoint: 'e1' }]);
    expect(get()).toMatchObject({ shown: { filter: '', endpoint: 'e1' }, count: 1_000, switching: false });
    expect(windows.at(-1)).toMatchObject({ query: 'every 1' });
    view.setFilter('', undefined);
    await calm();
    expect(windows.at(-1)?.query).toBeUndefined();
    expect(forgotten).toEqual(['every 1']);
    expect(made).toHaveLength(1);
  });

  test('begins anew when there are fewer matches than before', async () => {
    const { state, calm, get, push } = await filtered(1_000, 10);
    state.scanned = 500;
    push({
      kind: 'queries',
      changed: [{ session: 's', query: every(10), matched: 50, scanned: 500, total: 1_000 }],
    });
    await calm();
    expect(get()).toMatchObject({ count: 50, searching: true });
  });

  test('keeps the rows of the last good filter when the engine refuses one', async () => {
    const { view, state, calm, get } = await filtered(1_000, 10);
    state.failing = true;
    view.setFilter(every(3));
    await calm();
    expect(get()).toMatchObject({ shown: { filter: every(10) }, count: 100, switching: false });
    expect(get().failure?.message).toBe('no');
  });

  test('has the engine search what is new, though no row in sight is missing', async () => {
    const { grow, windows, calm, get, view } = await filtered(1_000, 10);
    view.scrollTo(10);
    await calm();
    const asked = windows.length;
    grow(1_100);
    await calm();
    await calm();
    expect(windows.slice(asked)).toMatchObject([{ count: 0, query: every(10) }]);
    expect(get()).toMatchObject({ count: 110, scanned: 1_100, top: 10 });
  });

  test('asks again for a search that has told nothing for a second', async () => {
    const { grow, windows, calm, get } = await filtered(1_000, 10);
    grow(2_000);
    const asked = windows.length;
    await calm();
    await calm();
    grow(2_001);
    await calm();
    expect(windows.length).toBeGreaterThan(asked);
    expect(get().count).toBe(201);
  });

  test('begins anew when a mark changes what matches', async () => {
    const { view, windows, calm, push, get } = await filtered(1_000, 10);
    const marks = { kind: 'marks', session: 's', changed: [{ seq: 5, bookmarked: true, note: '' }] } as const;
    const changed = { ...marks, changed: [...marks.changed] };
    push(changed);
    await calm();
    const before = windows.length;
    view.setFilter('bookmarked 10');
    await calm();
    const asked = windows.length;
    expect(asked).toBeGreaterThan(before);
    push(changed);
    await calm();
    expect(windows.length).toBeGreaterThan(asked);
    expect(get()).toMatchObject({ shown: { filter: 'bookmarked 10' }, count: 100, switching: false });
  });

  test('patches rows with the marks that are told', async () => {
    const { get, push } = await filtered(1_000, 10);
    const untouched = get().rows.get(98);
    push({ kind: 'marks', session: 's', changed: [{ seq: 990, bookmarked: true, note: 'look' }] });
    expect(get().rows.get(99)?.mark).toEqual({ bookmarked: true, note: 'look' });
    expect(get().rows.get(98)).toBe(untouched);
  });
});
