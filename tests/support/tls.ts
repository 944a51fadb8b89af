import { CertificateStore } from '#engine/drivers/tls/certificates.ts';
import { createTlsDriver } from '#engine/drivers/tls/tls-driver.ts';
import { type ClientConfig, defaultServer, type TlsOptions } from '#shared/endpoint/endpoint-config.ts';
import { connect, type RecordedListener, type RecordedStream } from './streams.ts';

/** TLS with a certificate for localhost that nobody else has. */
export const tlsDriver = createTlsDriver(new CertificateStore(undefined));

export function tlsOptions(parts: Partial<TlsOptions> = {}): TlsOptions {
  return { ...defaultServer.tls, ...parts };
}

/** A client and what a server accepts of it, before their handshake. */
export async function meet(
  server: RecordedListener,
  client: Partial<TlsOptions>,
  config: Partial<ClientConfig> = {},
): Promise<{ client: RecordedStream; accepted: RecordedStream }> {
  const stream = await connect(tlsDriver, { port: server.port, ...config, tls: tlsOptions(client) });
  return { client: stream, accepted: await server.accepted() };
}
