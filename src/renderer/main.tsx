import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { createServices, startServices } from './client/services.ts';
import { connectTransport } from './client/transport.ts';
import './ui/tokens.css';
import './ui/base.css';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no root element');

const transport = connectTransport();
const services = createServices(transport);
startServices(services, transport);
createRoot(root).render(
  <StrictMode>
    <App services={services} />
  </StrictMode>,
);
