import type { SafeStorage } from 'electron';
import { FileSecretStore, plainSealer, type Sealer, type SecretStore } from '#workspace/secrets.ts';

/** What is used of Electron's `safeStorage`. */
export type KeyStore = Pick<SafeStorage, 'isEncryptionAvailable' | 'encryptString' | 'decryptString'> &
  Partial<Pick<SafeStorage, 'getSelectedStorageBackend'>>;

/**
 * Returns the secrets of the workspace `workspaceId`, encrypted with a key from the system's key store. Without one (on Linux, a desktop
 * without a keyring, for which Electron would use a fixed key), only the permissions of the files protect them.
 * To be called after the app is ready.
 */
export function createSecretStore(home: string, workspaceId: string, keyStore: KeyStore): SecretStore {
  return new FileSecretStore(home, workspaceId, hasKey(keyStore) ? sealerOf(keyStore) : plainSealer);
}

function sealerOf(keyStore: KeyStore): Sealer {
  return {
    protection: 'key-store',
    seal: (value) => keyStore.encryptString(value),
    open: (sealed) => keyStore.decryptString(Buffer.from(sealed)),
  };
}

function hasKey(keyStore: KeyStore): boolean {
  const backend = process.platform === 'linux' ? keyStore.getSelectedStorageBackend?.() : undefined;
  return keyStore.isEncryptionAvailable() && backend !== 'basic_text' && backend !== 'unknown';
}
