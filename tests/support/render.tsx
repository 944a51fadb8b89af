import { cleanup, render } from '@testing-library/react';
import { type UserEvent, userEvent } from '@testing-library/user-event';
import type { ReactElement } from 'react';
import { afterEach } from 'vitest';
import { applySnapshot, type Snapshot } from '../../src/renderer/client/live-store.ts';
import type { Services } from '../../src/renderer/client/services.ts';
import { ServicesContext } from '../../src/renderer/client/use-services.ts';

/*
 * Components in a DOM without a browser. A test file that imports this begins with `// @vitest-environment happy-dom`.
 */

afterEach(cleanup);

/** Renders `element` as a part of the page over `services`; gives the hand that clicks and types. */
export function renderPart(services: Services, element: ReactElement): UserEvent {
  const user = userEvent.setup();
  render(<ServicesContext value={services}>{element}</ServicesContext>);
  return user;
}

/** Has the page know `snapshot` as what the engine has, and the settings as loaded. */
export function show(services: Services, snapshot: Partial<Snapshot>): void {
  const { live, settings } = services;
  live.setState((state) =>
    applySnapshot({ ...state, connection: 'open' }, { endpoints: [], sockets: [], sessions: [], ...snapshot }),
  );
  settings.setState({ loaded: true });
}
