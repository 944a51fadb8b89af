import { act, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fail, ok } from '#shared/failure.ts';
import { recordedSession } from '#support/recorded-session.ts';
import { renderPart, show } from '#support/render.tsx';
import { renderTraffic } from '#support/render-traffic.tsx';
import { SessionPage } from '../../../../src/renderer/app/pages.tsx';
import { changeFilter, showStatistics } from '../../../../src/renderer/state/filters.ts';
import { fakeHost, sessionView } from '../fake-services.ts';

function sessionPage(sessions = [sessionView('s1', { name: 'morning', state: 'read-only' })]) {
  const { services } = fakeHost(recordedSession({ rows: [] }).answers);
  show(services, { sessions });
  renderPart(services, <SessionPage tab={{ kind: 'session', id: 'tab', session: 's1' }} />);
}

test('an opened session is said to be read-only, and has its records', () => {
  sessionPage();
  expect(screen.getByText(/opened read-only/).textContent).toMatch(/^morning is a recorded session, opened read-only/);
  screen.getByRole('region', { name: 'Records' });
});

test('what is wrong with an opened session is reported over its records', () => {
  const { error } = fail('file', 'The file is damaged');
  sessionPage([sessionView('s1', { state: 'read-only', error })]);
  screen.getByText('The file is damaged');
});

test('a session that was closed says so', () => {
  sessionPage([]);
  screen.getByText('This session is closed');
});

test.each([
  [undefined, '', false, 'of all records'],
  ['e1', '', false, 'of this endpoint’s records'],
  ['e1', '', true, 'of all records'],
  ['e1', 'in', false, 'of this endpoint’s records that match in'],
  [undefined, 'in', false, 'of the records that match in'],
])('the statistics for endpoint %s, filter %j, all %s are %s', (endpoint, text, all, scope) => {
  const { services } = renderTraffic({
    rows: [],
    ...(endpoint === undefined ? {} : { endpoint }),
    answers: { 'sessions.statistics': () => new Promise(() => {}), 'jobs.cancel': () => ok({}) },
  });
  act(() => {
    changeFilter(services.filters, 'tab', { text, all });
    showStatistics(services.statistics, 'tab', true);
  });
  screen.getByText(scope);
});
