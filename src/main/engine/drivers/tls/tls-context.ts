import { createHash } from 'node:crypto';
import tls from 'node:tls';
import type { ClientConfig, SecureTransport, ServerConfig, TlsOptions } from '#shared/endpoint/endpoint-config.ts';
import { lookUpErrno } from '#shared/socket/errno.ts';
import type { CallFailure } from '../call-failure.ts';
import { isCallFailure } from '../driver.ts';
import { defaultAuthorities } from './authorities.ts';
import type { CertificateStore } from './certificates.ts';
import { isFileTrouble, readTlsFiles, type TlsFiles } from './tls-files.ts';

/*
 * OpenSSL's contexts: what the configuration and its files come to. Making one with all of a system's authorities takes
 * tens of milliseconds, so clients with the same settings and files share one. Servers never do: the sessions of one that
 * asks for no certificate could be resumed at one that requires it.
 */

/** How many contexts of clients are kept. */
const maxKept = 16;
const kept = new Map<string, tls.SecureContext>();
const prepared = new WeakMap<ServerConfig<SecureTransport>, tls.SecureContext>();

/** The context of a client. Its files are read anew each time, so that one that was put right is seen. */
export async function clientContext({
  tls: options,
}: ClientConfig<SecureTransport>): Promise<tls.SecureContext | CallFailure> {
  const files = await readTlsFiles(options);
  if (isFileTrouble(files)) return { call: 'open', ...files };
  const { minVersion, maxVersion } = options;
  const key = createHash('sha256')
    .update(JSON.stringify([files, minVersion, maxVersion]))
    .digest('hex');
  const known = kept.get(key);
  if (known) return known;
  const context = makeContext(options, files, { call: 'handshake', judges: true });
  if (isCallFailure(context)) return context;
  kept.set(key, context);
  const [oldest] = kept.keys();
  if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
  return context;
}

/** Reads and checks what a client needs: call it before it connects, so that nobody is bothered with what cannot succeed. */
export async function prepareClient(config: ClientConfig<SecureTransport>): Promise<CallFailure | undefined> {
  const context = await clientContext(config);
  return isCallFailure(context) ? context : undefined;
}

/**
 * Reads and checks what a server needs, and keeps it for `serverContext`: call it where the server is launched, so that it
 * fails there (`listen`) and not at its first client.
 */
export async function prepareServer(
  config: ServerConfig<SecureTransport>,
  store: CertificateStore,
): Promise<CallFailure | undefined> {
  const context = await readServerContext(config, store);
  if (isCallFailure(context)) return context;
  prepared.set(config, context);
  return undefined;
}

/** The context of a server: as it was prepared, else read now. */
export async function serverContext(
  config: ServerConfig<SecureTransport>,
  store: CertificateStore,
): Promise<tls.SecureContext | CallFailure> {
  return prepared.get(config) ?? readServerContext(config, store);
}

async function readServerContext(
  { tls: options }: ServerConfig<SecureTransport>,
  store: CertificateStore,
): Promise<tls.SecureContext | CallFailure> {
  const files = await readTlsFiles(options);
  if (isFileTrouble(files)) return { call: 'open', ...files };
  const use = { call: 'listen', judges: options.clientCertificate !== 'none' } as const;
  if (files.cert !== undefined) return makeContext(options, files, use);
  const own = await store.own();
  if (own.ok) return makeContext(options, { ...files, cert: own.value.cert, key: own.value.key }, use);
  // What failed is a file, not the socket. The system's message begins with its code.
  const errno = /^E[A-Z0-9]+/.exec(own.error.system)?.[0] ?? 'EIO';
  const { text } = lookUpErrno(errno);
  return { call: 'open', errno, text: `${own.error.message}: ${text === errno ? own.error.system : text}` };
}

interface ContextUse {
  readonly call: 'listen' | 'handshake';
  /** It judges certificates, so it needs the authorities. */
  readonly judges: boolean;
}

function makeContext(
  { minVersion, maxVersion }: TlsOptions,
  { cert, key, passphrase, ca }: TlsFiles,
  { call, judges }: ContextUse,
): tls.SecureContext | CallFailure {
  try {
    return tls.createSecureContext({
      minVersion,
      maxVersion,
      cert,
      key,
      passphrase,
      ca: judges ? (ca ?? defaultAuthorities().all) : undefined,
      // Without one, OpenSSL refuses a client that comes again with a session in which it showed a certificate.
      sessionIdContext: 'wirebench',
      ...(isOld(minVersion) ? { ciphers: `${tls.DEFAULT_CIPHERS}:@SECLEVEL=0` } : {}),
    });
  } catch (error) {
    const { code = 'ERR_TLS', message } = error as NodeJS.ErrnoException;
    return { call, errno: code, text: `the certificate and its key cannot be used: ${message}` };
  }
}

/** TLS 1.0 and 1.1 sign with SHA-1, which OpenSSL allows at its lowest level of security only. */
function isOld(minVersion: TlsOptions['minVersion']): boolean {
  return minVersion === 'TLSv1' || minVersion === 'TLSv1.1';
}
