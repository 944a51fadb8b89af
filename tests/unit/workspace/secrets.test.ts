import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecretStore, type KeyStore } from '#hosts/electron/secret-store.ts';
import { cases } from '#support/cases.ts';
import { answerOf } from '#support/session.ts';
import { FileSecretStore, type SecretStore } from '#workspace/secrets.ts';

const id = 'a'.repeat(32);
const value = 'pass"word-ä-42';

/** A key store that turns each byte around, and may be locked. */
class KeyStoreStandIn implements KeyStore {
  isLocked = false;
  readonly #backend: ReturnType<NonNullable<KeyStore['getSelectedStorageBackend']>>;

  constructor(backend: 'gnome_libsecret' | 'basic_text' = 'gnome_libsecret') {
    this.#backend = backend;
  }

  isEncryptionAvailable(): boolean {
    return true;
  }

  getSelectedStorageBackend() {
    return this.#backend;
  }

  encryptString(text: string): Buffer {
    if (this.isLocked) throw new Error(`locked: ${text}`);
    return Buffer.from(text).map((byte) => byte ^ 0xff) as Buffer;
  }

  decryptString(bytes: Buffer): string {
    if (this.isLocked) throw new Error('locked');
    return String(Buffer.from(bytes.map((byte) => byte ^ 0xff)));
  }
}

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'wirebench-secrets-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const folder = () => join(home, 'secrets', id);
const filesOf = () => readdirSync(folder()).map((name) => join(folder(), name));

describe.each<[string, () => SecretStore]>([
  ['a file', () => new FileSecretStore(home, id)],
  ['the key store', () => createSecretStore(home, id, new KeyStoreStandIn())],
])('a secret in %s', (_, create) => {
  it('is set, listed by its name, read, replaced and removed', async () => {
    const store = create();
    answerOf(await store.set('lab', 'token', 'old'));
    answerOf(await store.set('lab', 'token', value));
    answerOf(await store.set('lab', 'key', 'k'));
    answerOf(await store.set('site', 'token', 's'));
    expect(answerOf(await create().names('lab'))).toEqual(['key', 'token']);
    expect(answerOf(await create().get('lab', 'token'))).toBe(value);
    answerOf(await store.remove('lab', 'token'));
    answerOf(await store.remove('lab', 'token'));
    expect(answerOf(await store.names('lab'))).toEqual(['key']);
    expect(await store.get('lab', 'token')).toMatchObject({ error: { code: 'not-found' } });
    expect(answerOf(await store.get('site', 'token'))).toBe('s');
  });

  it('is in a file that only its owner may read', async () => {
    answerOf(await create().set('lab', 'token', value));
    const [path = ''] = filesOf();
    expect([statSync(folder()).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  it('of any name and value comes back', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }),
        text,
        async (env, name, it) => {
          answerOf(await create().set(env, name, it));
          expect(answerOf(await create().get(env, name))).toBe(it);
          expect(answerOf(await create().names(env))).toContain(name);
        },
      ),
      cases(20),
    );
  });

  it('of two processes are all kept', async () => {
    const names = Array.from({ length: 10 }, (_, at) => `name-${at}`);
    for (const result of await Promise.all(names.map((name) => create().set('lab', name, name)))) answerOf(result);
    expect(answerOf(await create().names('lab'))).toEqual(names);
  });

  it('is in no failure, and in no printed store', async () => {
    const store = create();
    const failures = [
      await store.set('lab', '', value),
      await store.set('lab', 'token', value.repeat(10_000)),
      await store.set('lab', value.slice(0, 0).padEnd(300, 'n'), value),
    ];
    answerOf(await store.set('lab', 'token', value));
    const [path = ''] = filesOf();
    for (const text of [`"${value}`, JSON.stringify({ name: value }), '', readFileSync(path, 'utf8').slice(0, -5)]) {
      writeFileSync(path, text);
      failures.push((await store.get('lab', 'token')) as (typeof failures)[number]);
      expect(answerOf(await store.names('lab'))).toEqual([]);
    }
    rmSync(folder(), { recursive: true });
    writeFileSync(folder(), '');
    failures.push(await store.set('lab', 'token', value));
    expect(failures.every(({ ok }) => !ok)).toBe(true);
    expect(JSON.stringify(failures)).not.toContain(value.slice(0, 4));
    expect(inspect(store, { showHidden: true, depth: 10 })).not.toContain(value.slice(0, 4));
  });
});

describe('the key store', () => {
  it('encrypts what is in the file', async () => {
    answerOf(await createSecretStore(home, id, new KeyStoreStandIn()).set('lab', 'token', value));
    const [path = ''] = filesOf();
    const content = readFileSync(path, 'utf8');
    expect(content).not.toContain(Buffer.from(value).toString('base64'));
    expect(JSON.parse(content)).toMatchObject({ protection: 'key-store' });
  });

  it('reads what another host has set; that host says what to do about the others', async () => {
    const [desktop, other] = [createSecretStore(home, id, new KeyStoreStandIn()), new FileSecretStore(home, id)];
    answerOf(await other.set('lab', 'one', '1'));
    answerOf(await desktop.set('lab', 'two', '2'));
    expect(answerOf(await desktop.get('lab', 'one'))).toBe('1');
    expect(await other.get('lab', 'two')).toMatchObject({
      error: { code: 'unsupported', hint: expect.stringContaining('Set the secret again') },
    });
    expect(answerOf(await other.names('lab'))).toEqual(['one', 'two']);
  });

  it('that is locked is a failure without its message', async () => {
    const keys = new KeyStoreStandIn();
    const store = createSecretStore(home, id, keys);
    answerOf(await store.set('lab', 'token', value));
    keys.isLocked = true;
    const failures = [await store.set('lab', 'token', value), await store.get('lab', 'token')];
    expect(failures).toMatchObject([{ error: { code: 'access-denied' } }, { error: { code: 'access-denied' } }]);
    expect(JSON.stringify(failures)).not.toContain('word');
  });

  it.runIf(process.platform === 'linux')('with a fixed key is not used, and the store says so', async () => {
    expect(createSecretStore(home, id, new KeyStoreStandIn()).protection).toBe('key-store');
    const store = createSecretStore(home, id, new KeyStoreStandIn('basic_text'));
    expect(store.protection).toBe('file');
    mkdirSync(folder(), { recursive: true });
    answerOf(await store.set('lab', 'token', value));
    expect(answerOf(await new FileSecretStore(home, id).get('lab', 'token'))).toBe(value);
  });
});
