import { X509Certificate } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder, privateFolderMode } from '#files/private-files.ts';
import { readRegularFile } from '#files/regular-file.ts';
import { replaceFile } from '#files/replace-file.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { makeCertificate, makeKey, readKey } from './tls-own-certificate.ts';

/** A server's own certificate and its key, in PEM. */
export interface OwnCertificate {
  readonly cert: string;
  readonly key: string;
  /** SHA-256 of the certificate, in hex with colons. */
  readonly fingerprint: string;
}

/** A certificate that ends sooner is made anew. */
const leastLeftMs = 7 * 86_400_000;
/** What was kept here is shorter by far. */
const maxFileBytes = 1_048_576;
/** How often another process may come between before it is given up. */
const maxRounds = 20;

/**
 * The certificate for this machine that servers show which have none of their own: self-signed, made when it is first
 * needed, and kept in a folder, so that a client which trusts it by its fingerprint does so the next day.
 */
export class CertificateStore {
  readonly #folder: string | undefined;
  #own: Promise<Result<OwnCertificate>> | undefined;

  /** `folder`: of the app's data; without one the certificate lives as long as the process. */
  constructor(folder: string | undefined) {
    this.#folder = folder === undefined ? undefined : join(folder, 'tls');
  }

  /** Gives the certificate. Fails (`file`) where the folder cannot be read or written. */
  own(): Promise<Result<OwnCertificate>> {
    // One after the other: who asks while it is made gets the same.
    const before = this.#own ?? Promise.resolve(undefined);
    const own = before.then((last) => (last?.ok && isFresh(last.value.cert) ? last : this.#load()));
    this.#own = own;
    return own;
  }

  async #load(): Promise<Result<OwnCertificate>> {
    if (this.#folder === undefined) {
      const key = makeKey();
      return ok(pairOf(await makeCertificate(key), key));
    }
    try {
      return ok(await keptPair(this.#folder));
    } catch (error) {
      const system = error instanceof Error ? error.message : String(error);
      const hint = 'Check the folder that Wirebench keeps its data in, or give the server a certificate of your own.';
      return fail('file', `Could not keep a certificate in ${this.#folder}`, { system, hint });
    }
  }
}

/**
 * The pair in the folder, made where it is missing or of no use. Two files cannot be put in place at once, and another
 * process may be doing the same. So a certificate is always made for the key that is there, and whoever has written
 * looks again: the last to write leaves a pair.
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
  throw new Error('EBUSY: other processes kept replacing it');
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
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
