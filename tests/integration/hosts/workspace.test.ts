import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startHost } from '#support/app-browser.ts';
import { connectTransport } from '#support/page-transport.ts';
import { answerOf } from '#support/session.ts';
import { testHome } from '#support/workbench.ts';

/** Starts the browser host with `home`, and connects as a page does. */
async function started(home: string) {
  const host = await startHost(home);
  const { port, hash } = new URL(host.address);
  const transport = connectTransport({ port: Number(port), token: hash.replace('#token=', '') });
  const call = async (name: string, input: unknown) =>
    answerOf((await transport.call(name, input)) as Parameters<typeof answerOf>[0]);
  return { host, transport, call };
}

test('kill -9 of the browser host leaves what was saved, the drafts and the layout for its next start', async () => {
  const home = await testHome();
  const first = await started(home);
  const path = 'payloads/order.json';
  const draft = { key: path, bytes: Buffer.from('{"a":'), basedOn: 'new', details: { tab: 't1' } };
  await first.call('documents.write', { path, bytes: Buffer.from('{}'), basedOn: 'new' });
  await first.call('layout.keep', { layout: { active: path } });
  await first.call('drafts.keep', draft);
  first.transport.close();
  const ended = once(first.host.child, 'exit');
  first.host.child.kill('SIGKILL');
  await ended;

  const next = await started(home);
  expect(await next.call('workspace.get', {})).toMatchObject({
    documents: expect.arrayContaining([expect.objectContaining({ path, kind: 'payload', size: 2 })]),
  });
  expect(await next.call('layout.get', {})).toEqual({ layout: { active: path } });
  const { drafts } = (await next.call('drafts.list', {})) as { drafts: { bytes: Uint8Array }[] };
  expect(drafts).toMatchObject([{ key: path, basedOn: 'new', details: { tab: 't1' }, isOwn: false }]);
  expect(Buffer.from(drafts[0]?.bytes ?? []).toString()).toBe('{"a":');
  next.transport.close();
  expect(await next.host.stop()).toBe(0);
});
