// First: the other imports create schemas.
import './bridge/jitless.ts';
// Second, so that the engine answers while React loads.
import './bridge/page-transport.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, startServices } from './app/app.tsx';
import { CrashPage, ErrorBoundary } from './app/crash-page.tsx';
import { pageTransport } from './bridge/page-transport.ts';
import { createServices, firstState } from './state/services.ts';
import './ui/tokens.css';
import './ui/base.css';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no root element');

/** How long the outline of index.html is shown while the engine has not answered. */
const outlineMs = 150;

const services = createServices(pageTransport);
startServices(services, pageTransport);
void firstState(services, outlineMs).then(() =>
  createRoot(root).render(
    <StrictMode>
      <ErrorBoundary fallback={(error) => <CrashPage error={error} />}>
        <App services={services} />
      </ErrorBoundary>
    </StrictMode>,
  ),
);
