import { spawnSync } from 'node:child_process';
import type { SessionFolder } from './session.ts';

/** Makes a self-signed certificate for localhost with openssl: gives its file, its key's, its SHA-256. */
export function makeCertificate(folder: SessionFolder, name = 'localhost') {
  const [cert, key] = [folder.file(`${name}.pem`), folder.file(`${name}.key`)];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
    ...['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-out', cert, '-keyout', key],
  ]);
  if (made.status !== 0) throw new Error(String(made.stderr));
  const shown = spawnSync('openssl', ['x509', '-in', cert, '-noout', '-fingerprint', '-sha256']);
  return { cert, key, fingerprint: String(shown.stdout).trim().replace(/^.*=/, '') };
}
