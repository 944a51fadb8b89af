import { describeTransport } from './transport-suite.ts';

describeTransport('TCP over IPv4', () => ({ server: { host: '127.0.0.1' }, client: { host: '127.0.0.1' } }));
describeTransport('TCP over IPv6', () => ({ server: { host: '::1' }, client: { host: '::1' } }));
