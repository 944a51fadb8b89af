import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { stateWords } from '#shared/socket/state.ts';
import { renderAlone } from '#support/render.tsx';
import { Sparkline } from '../../../../src/renderer/features/status/status-bar.tsx';
import { StateMark } from '../../../../src/renderer/ui/state-mark.tsx';

test.each(stateWords)('the state %s is a shape with its name, or a shape beside its word', (state) => {
  renderAlone(
    <>
      <StateMark state={state} />
      <StateMark state={state} word />
    </>,
  );
  const shapes = screen.getAllByRole('img', { name: state });
  expect(shapes).toHaveLength(1);
  expect(shapes[0]?.querySelector('circle, path')).toBeTruthy();
  expect(screen.getByText(state, { selector: 'span' })).toBeTruthy();
});

test('a sparkline is named, and draws a bar for each value that is not zero', () => {
  renderAlone(<Sparkline values={[0, 5, 10]} width={30} height={10} label="10 messages a second" />);
  const chart = screen.getByRole('img', { name: '10 messages a second' });
  expect(chart.querySelectorAll('path')[1]?.getAttribute('d')).toBe(
    'M0.0 10v0.0h9.0v0.0zM10.0 10v-5.0h9.0v5.0zM20.0 10v-10.0h9.0v10.0z',
  );
});
