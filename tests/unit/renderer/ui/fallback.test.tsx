import { screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { fail } from '#shared/failure.ts';
import { renderAlone } from '#support/render.tsx';
import { Empty, FailureBox } from '../../../../src/renderer/ui/fallback.tsx';

const { error: refused } = fail('refused', 'Could not connect to device:1', {
  system: 'connect(): ECONNREFUSED',
  hint: 'Start the server.',
  checks: ['The host answers.', 'Nothing listens on port 1.'],
});
const { error: bare } = fail('internal', 'Something failed');

test('a failure says what was tried, what the system answered and what to do', () => {
  renderAlone(<FailureBox failure={refused} />);
  const box = screen.getByRole('alert');
  for (const text of ['Could not connect to device:1', 'connect(): ECONNREFUSED', 'Start the server.']) {
    expect(within(box).getByText(text)).toBeTruthy();
  }
});

test('a failure lists what was checked', () => {
  renderAlone(<FailureBox failure={refused} />);
  expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual(refused.checks);
});

test('a failure without more to say is its message alone', () => {
  renderAlone(<FailureBox failure={bare} />);
  expect(screen.getByRole('alert').textContent).toBe('Something failed');
});

test('a failure is copied whole, with its code and its checks', async () => {
  const user = renderAlone(<FailureBox failure={refused} />);
  await user.click(screen.getByRole('button', { name: 'Copy error' }));
  expect(await navigator.clipboard.readText()).toBe(
    'Could not connect to device:1. connect(): ECONNREFUSED. Start the server. (refused)\nThe host answers.\nNothing listens on port 1.',
  );
});

test('a failure can be dismissed only where someone takes note of it', async () => {
  const dismissed = vi.fn();
  const user = renderAlone(
    <>
      <FailureBox failure={bare} />
      <FailureBox failure={refused} onDismiss={dismissed} />
    </>,
  );
  await user.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(dismissed).toHaveBeenCalledOnce();
});

test('a failure shows the ways out that it is given', () => {
  renderAlone(
    <FailureBox failure={bare}>
      <button type="button">Use port 2</button>
    </FailureBox>,
  );
  expect(within(screen.getByRole('alert')).getByRole('button', { name: 'Use port 2' })).toBeTruthy();
});

test('a failure shows what in its words would turn them around', () => {
  renderAlone(
    <FailureBox failure={{ code: 'file', message: 'Could not read a\u202eb', system: 'c\u001b', hint: '' }} />,
  );
  screen.getByText('Could not read a⟨U+202E⟩b');
  screen.getByText('c\\x1b');
});

test('an empty pane says what will be there and offers what fills it', () => {
  renderAlone(
    <Empty title="No records yet">
      <button type="button">Send one</button>
    </Empty>,
  );
  expect(screen.getByText('No records yet')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Send one' })).toBeTruthy();
});
