import { connectTransport } from './transport.ts';

/** The page's connection. It is made when this module loads, so that it opens while the rest of the page does. */
export const pageTransport = connectTransport();
