import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  X509Certificate,
} from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makePrivateFolder, privateFolderMode } from '#files/private-files.ts';
import { readRegularFile } from '#files/regular-file.ts';
import { replaceFile } from '#files/replace-file.ts';
import { type Failure, fail } from '#shared/failure.ts';

/** The certificate of this machine and its key, in PEM. */
export interface OwnCertificate {
  readonly cert: string;
  readonly key: string;
  /** SHA-256 of the certificate, in hex with colons. */
  readonly fingerprint: string;
}

/** The machine's certificate, or the failure of its files with the POSIX name of the system's error. */
type OwnCertificateResult =
  | { readonly ok: true; readonly value: OwnCertificate }
  | { readonly ok: false; readonly error: Failure; readonly errno: string };

/** A certificate that expires sooner is replaced. */
const leastLeftMs = 7 * 86_400_000;
/** The maximum size of the stored files. */
const maxFileBytes = 1_048_576;
/** The maximum number of attempts while other processes replace the files. */
const maxRounds = 20;

/**
 * The certificate of this machine, for servers without a configured certificate: self-signed, created when it is first
 * needed, and stored in a folder, so that clients can trust its fingerprint permanently.
 */
export class CertificateStore {
  readonly #folder: string | undefined;
  #own: Promise<OwnCertificateResult> | undefined;

  /** `folder` is the app's data folder; without it, the certificate is kept in memory. */
  constructor(folder: string | undefined) {
    this.#folder = folder === undefined ? undefined : join(folder, 'tls');
  }

  /** Returns the certificate. Fails (`file`) where the folder cannot be read or written. */
  own(): Promise<OwnCertificateResult> {
    // Calls are serialised: a call while the certificate is being created returns the same one.
    const before = this.#own ?? Promise.resolve(undefined);
    const own = before.then((last) => (last?.ok && isFresh(last.value.cert) ? last : this.#load()));
    this.#own = own;
    return own;
  }

  async #load(): Promise<OwnCertificateResult> {
    if (this.#folder === undefined) {
      const key = makeKey();
      return { ok: true, value: pairOf(await makeCertificate(key), key) };
    }
    try {
      return { ok: true, value: await keptPair(this.#folder) };
    } catch (error) {
      const system = error instanceof Error ? error.message : String(error);
      const hint = 'Check the data folder of Wirebench, or set a certificate for the server.';
      const failure = fail('file', `Could not store a certificate in ${this.#folder}`, { system, hint });
      return { ...failure, errno: errnoOf(error) };
    }
  }
}

/**
 * Returns the pair in the folder; creates it where it is missing or invalid. Two files cannot be replaced atomically, and
 * another process may be doing the same. So a certificate is always created for the existing key, and the files are read
 * again after each write: the last writer leaves a valid pair.
 */
async function keptPair(folder: string): Promise<OwnCertificate> {
  makePrivateFolder(folder);
  await chmod(folder, privateFolderMode);
  const certPath = join(folder, 'localhost-cert.pem');
  const keyPath = join(folder, 'localhost-key.pem');
  for (let round = 0; round < maxRounds; round += 1) {
    const key = await readIfThere(keyPath);
    if (key === undefined || !readKey(key)) {
      await replaceFile(keyPath, makeKey());
      continue;
    }
    const cert = await readIfThere(certPath);
    if (cert !== undefined && isFresh(cert) && belongTogether(cert, key)) return pairOf(cert, key);
    await replaceFile(certPath, await makeCertificate(key));
  }
  throw Object.assign(new Error('EBUSY: other processes repeatedly replaced it'), { code: 'EBUSY' });
}

function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'EIO';
}

function isFresh(cert: string): boolean {
  try {
    const { validFromDate, validToDate } = new X509Certificate(cert);
    const at = Date.now();
    return validFromDate.getTime() <= at && validToDate.getTime() >= at + leastLeftMs;
  } catch {
    return false;
  }
}

function belongTogether(cert: string, key: string): boolean {
  const parsed = readKey(key);
  return parsed !== undefined && new X509Certificate(cert).checkPrivateKey(parsed);
}

function pairOf(cert: string, key: string): OwnCertificate {
  return { cert, key, fingerprint: new X509Certificate(cert).fingerprint256 };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return (await readRegularFile(path, maxFileBytes)).toString();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const hourMs = 3_600_000;
/** The maximum validity of server certificates on Apple's systems. */
const validForMs = 825 * 24 * hourMs;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Creates a private key on the curve P-256, in PEM. */
function makeKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

/** Parses a private key on P-256 in PEM; returns `undefined` for anything else. */
function readKey(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Creates a self-signed certificate for this machine (RFC 5280), in PEM: for localhost, the loopback addresses and the
 * machine's name, valid from an hour ago, because clocks differ. `keyPem` is a key that `readKey` accepts.
 */
export async function makeCertificate(keyPem: string): Promise<string> {
  // Loaded here because it is large and most runs create no certificate. Its classes need `reflect-metadata` when they load.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const notBefore = new Date(Date.now() - hourMs);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      name: 'CN=localhost',
      notBefore,
      notAfter: new Date(notBefore.getTime() + validForMs),
      keys: await keysOf(createPrivateKey(keyPem)),
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([
          { type: 'dns', value: 'localhost' },
          ...machineNames().map((value) => ({ type: 'dns', value }) as const),
          { type: 'ip', value: '127.0.0.1' },
          { type: 'ip', value: '::1' },
        ]),
      ],
    },
    crypto,
  );
  return `${certificate.toString('pem')}\n`;
}

/** Returns the machine's name, where DNS allows it (RFC 1123). */
function machineNames(): readonly string[] {
  const name = hostname().toLowerCase();
  const isName = /^(?!.{254})[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/.test(name);
  return isName && name !== 'localhost' ? [name] : [];
}

/** Returns a random positive number of 16 bytes, in hex. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

async function keysOf(key: KeyObject) {
  const secret = key.export({ type: 'pkcs8', format: 'der' });
  const open = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const { subtle } = crypto;
  const [privateKey, publicKey] = await Promise.all([
    subtle.importKey('pkcs8', secret, algorithm, true, ['sign']),
    subtle.importKey('spki', open, algorithm, true, ['verify']),
  ]);
  return { privateKey, publicKey };
}
