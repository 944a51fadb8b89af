import { lookup } from 'node:dns/promises';
import net from 'node:net';
import tls from 'node:tls';
import type { Trouble } from '#engine/doctor/diagnosis.ts';
import { callFailure } from '#engine/failures.ts';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import { type ClientChanges, clientConfig, type ServerChanges, serverConfig } from '#support/config.ts';
import { clientTrouble, serverTrouble } from './fake-doctor-system.ts';

/** Connects for real and gives the trouble that comes of it; one that takes longer than `timeoutMs` has timed out. */
export async function connectTrouble(config: ClientChanges, timeoutMs = 300): Promise<Trouble> {
  const whole: ClientConfig = clientConfig({ ...config });
  const { transport, host, port, path } = whole;
  const secure = transport === 'tls';
  const error = await new Promise<NodeJS.ErrnoException>((resolve, reject) => {
    const target = transport === 'local' ? { path } : { host, port };
    const socket = secure ? tls.connect({ ...target, rejectUnauthorized: false }) : net.connect(target);
    const timer = setTimeout(() => {
      socket.destroy();
      resolve(Object.assign(new Error('late'), { code: 'ETIMEDOUT' }));
    }, timeoutMs);
    socket.once(secure ? 'secureConnect' : 'connect', () => reject(new Error('it connected')));
    socket.once('error', (problem) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(problem);
    });
  });
  const { call, errno } = callFailure(error, secure ? 'handshake' : 'connect');
  const tried =
    transport !== 'local' && net.isIP(host) === 0 && call !== 'getaddrinfo' ? [(await lookup(host)).address] : [];
  return clientTrouble(errno, config, { call, tried });
}

/** Listens for real and gives the trouble that comes of it. */
export async function listenTrouble(config: ServerChanges): Promise<Trouble> {
  const { transport, host, port, path } = serverConfig({ ...config });
  const error = await new Promise<NodeJS.ErrnoException>((resolve, reject) => {
    const server = net.createServer();
    server.once('error', resolve);
    server.listen(transport === 'local' ? { path } : { host, port, exclusive: true }, () =>
      reject(new Error('it listens')),
    );
  });
  const { call, errno } = callFailure(error, 'bind');
  return serverTrouble(errno, config, { call });
}
