import { CertificateStore } from '#engine/drivers/tls/certificates.ts';
import { createTlsDriver } from '#engine/drivers/tls/tls-driver.ts';
import type { TlsOptions } from '#shared/endpoint/endpoint-config.ts';
import type { ClientChanges } from '#support/config.ts';
import { connect, type RecordedListener, type RecordedStream } from './streams.ts';

/** TLS with a certificate for localhost that nobody else has. */
export const tlsDriver = createTlsDriver(new CertificateStore(undefined));

export function tlsOptions(parts: Partial<TlsOptions> = {}): Partial<TlsOptions> {
  return { ...parts };
}

/** A client and what a server accepts of it, before their handshake. */
export async function meet(
  server: RecordedListener,
  client: Partial<TlsOptions>,
  config: ClientChanges = {},
): Promise<{ client: RecordedStream; accepted: RecordedStream }> {
  const stream = await connect(tlsDriver, { port: server.port, ...config, tls: tlsOptions(client) });
  return { client: stream, accepted: await server.accepted() };
}
