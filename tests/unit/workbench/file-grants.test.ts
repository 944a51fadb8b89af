import { describe, expect, it } from 'vitest';
import { isReference, referenceName } from '#shared/contract/file-reference.ts';
import type { ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import type { ServerChanges } from '#support/config.ts';
import { serverConfig } from '#support/config.ts';
import { readHandle, saveHandle } from '#support/file-handles.ts';
import { FileGrants, type SavePlace } from '#workbench/file-grants.ts';

const place: SavePlace = { path: '/home/me/a.csv', existing: 'replace', life: 'lasting' };

describe('a handle for reading', () => {
  it('gives the file as often as it is asked for, carries its name, and is another one each time', () => {
    const files = new FileGrants();
    const handles = ['/home/me/a.pem', '/home/me/a.pem'].map((path) => files.grantRead(path));
    expect(new Set(handles).size).toBe(2);
    for (const handle of handles) {
      expect(isReference('read', handle)).toBe(true);
      expect(referenceName(handle)).toBe('a.pem');
      for (let time = 0; time < 2; time += 1) expect(files.find(handle)).toEqual({ ok: true, value: '/home/me/a.pem' });
    }
  });

  it.each(['/a/b\nc', '/a/b\\c', `/a/${'x'.repeat(400)}`, '/', '/a/\u{1f980}'.repeat(70)])(
    'has the form of one whatever the file is called: %j',
    (path) => {
      const files = new FileGrants();
      const handle = files.grantRead(path);
      expect(isReference('read', handle)).toBe(true);
      expect(files.find(handle)).toEqual({ ok: true, value: path });
    },
  );

  it('cannot be used for saving, also with another prefix', () => {
    const files = new FileGrants();
    const handle = files.grantRead('/home/me/a.pem');
    for (const other of [handle, handle.replace('file:', 'save:')]) {
      expect(files.takePlace(other, 'copy')).toMatchObject({ ok: false, error: { code: 'not-found' } });
    }
  });

  it('that this process has not given is answered with what to do, as is one that was revoked', () => {
    const files = new FileGrants();
    const revoked = files.grantRead('/home/me/a.pem');
    files.revoke(revoked);
    for (const handle of [readHandle('a.pem'), revoked]) {
      expect(files.find(handle)).toMatchObject({
        ok: false,
        error: { message: 'Could not read “a.pem”', hint: 'Select the file again.' },
      });
    }
  });

  it('is forgotten when ten thousand others were given since', () => {
    const files = new FileGrants();
    const [first, second] = [files.grantRead('/1'), files.grantRead('/2')];
    for (let count = 0; count < 9_999; count += 1) files.grantRead('/x');
    expect(files.find(first).ok).toBe(false);
    expect(files.find(second).ok).toBe(true);
  });
});

describe('a handle for saving', () => {
  it('gives its place once', () => {
    const files = new FileGrants();
    const handle = files.grantSave(place);
    expect(isReference('save', handle)).toBe(true);
    expect(files.takePlace(handle, 'copy')).toEqual({ ok: true, value: place });
    expect(files.takePlace(handle, 'copy')).toMatchObject({ ok: false, error: { hint: 'Select the place again.' } });
  });

  it('cannot be used for reading, also with another prefix', () => {
    const files = new FileGrants();
    const handle = files.grantSave(place);
    for (const other of [handle, handle.replace('save:', 'file:')]) expect(files.find(other).ok).toBe(false);
  });

  it('that this process has not given grants nothing', () => {
    expect(new FileGrants().takePlace(saveHandle('a.csv'), 'copy').ok).toBe(false);
  });
});

describe('a configuration', () => {
  const config = (change: ServerChanges): ServerConfig => serverConfig(change);

  it('with a handle of an earlier run is refused', () => {
    const files = new FileGrants();
    const tls = { ca: readHandle('ca.pem') };
    const behaviour = { kind: 'reply-file', path: readHandle('data.json') } as const;
    expect(files.missingFile(config({ transport: 'tls', tls }))?.message).toBe('Could not read “ca.pem”');
    expect(files.missingFile(config({ behaviour }))?.hint).toBe('Select the file again.');
  });

  it('with files that were granted, samples or none is accepted', () => {
    const files = new FileGrants();
    const tls = { ca: files.grantRead('/ca.pem') };
    expect(files.missingFile(config({ transport: 'wss', tls }))).toBeUndefined();
    const behaviour = { kind: 'reply-file', path: 'sample:data.json' } as const;
    expect(files.missingFile(config({ behaviour }))).toBeUndefined();
  });
});

describe('a handle of a folder', () => {
  it('opens a workspace, and neither reads nor saves', () => {
    const files = new FileGrants();
    const handle = files.grantFolder('/home/me/team');
    expect(isReference('folder', handle)).toBe(true);
    expect(files.findFolder(handle)).toEqual({ ok: true, value: '/home/me/team' });
    expect(files.find(handle)).toMatchObject({ error: { code: 'not-found' } });
    expect(files.takePlace(handle, 'copy')).toMatchObject({ error: { code: 'not-found' } });
    expect(files.findFolder(files.grantRead('/home/me/team'))).toMatchObject({ error: { code: 'not-found' } });
  });
});
