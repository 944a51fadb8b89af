import { act, screen } from '@testing-library/react';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { languageNames } from '#shared/code/program.ts';
import { ok } from '#shared/failure.ts';
import { renderPart, show } from '#support/render.tsx';
import { Dialogs, loadParts } from '../../../../../src/renderer/app/lazy-parts.tsx';
import { codeParts } from '../../../../../src/renderer/features/code/highlight.ts';
import { showDialog } from '../../../../../src/renderer/state/dialogs.ts';
import { changeDraft, type Draft } from '../../../../../src/renderer/state/drafts.ts';
import { changeForm, openFormTab } from '../../../../../src/renderer/state/endpoint-commands.ts';
import type { EndpointForm } from '../../../../../src/renderer/state/form-fields.ts';
import { type Answers, fakeHost } from '../../fake-services.ts';

beforeAll(loadParts);

/** The dialog for a tab of `role` with these changes. */
function codeDialog(
  role: 'client' | 'server',
  form: Partial<EndpointForm> = {},
  draft: Partial<Draft> = {},
  answers: Answers = {},
) {
  const { services } = fakeHost(answers);
  show(services, {});
  openFormTab(services, role);
  const tab = services.tabs.getState().active;
  changeForm(services, tab, form);
  changeDraft(services.drafts, tab, draft);
  const user = renderPart(services, <Dialogs />);
  act(() => showDialog(services.dialogs, { kind: 'generate-code', tab }));
  return user;
}

const code = (fileName: string) => screen.getByLabelText(`Code of ${fileName}`).textContent ?? '';
const problem = () => screen.getByRole('alert').textContent;

describe('generated code in the window', () => {
  test('is first a Python client that sends the payload to the address of the tab', () => {
    codeDialog('client', { host: '10.1.2.3', port: '4711' }, { text: 'h\u00e9\n', format: 'text' });
    expect(code('client.py')).toContain('HOST = "10.1.2.3"');
    expect(code('client.py')).toContain('PORT = 4711');
    expect(code('client.py')).toContain('PAYLOAD = "h\u00e9\\n".encode("utf-8")');
  });

  test('is in the selected language, for the selected side', async () => {
    const user = codeDialog('server', { host: '0.0.0.0', port: '4711' });
    expect(code('client.py')).toContain('HOST = "127.0.0.1"');
    await user.selectOptions(screen.getByLabelText('Language'), 'Java');
    await user.selectOptions(screen.getByLabelText('Program'), 'Server');
    expect(code('Server.java')).toContain('HOST = "0.0.0.0"');
  });

  test('of the other side does not name the files of this one', () => {
    codeDialog('server', { transport: 'tls', 'tls.certificate': '/own/cert.pem', 'tls.key': '/own/key.pem' });
    expect(code('client.py')).not.toContain('/own/');
  });

  test.each([
    ['a port that is wrong', { port: 'x' }, {}, 'Correct the options'],
    ['WebSocket', { transport: 'ws' }, {}, 'WebSocket needs a library'],
    ['hex that is wrong', {}, { format: 'hex', formatChosen: true, text: '0g' }, 'Correct the payload'],
    ['no framing around the payload', { framing: 'json' }, { frame: false }, 'sent without framing'],
  ] as const)('is not shown for %s: a failure says why', (_, form, draft, text) => {
    codeDialog('client', form as Partial<EndpointForm>, draft as Partial<Draft>);
    expect(problem()).toContain(text);
    expect(screen.queryByRole('button', { name: 'Save' })).toBeNull();
  });
});

describe('a payload that the main process makes', () => {
  const made = (usesSecret: boolean, problem?: { message: string; line: number; column: number }) => ({
    'payloads.preview': () => ok({ bytes: Buffer.from('n=1\x7c'), length: 4, usesSecret, problem }),
  });

  test('is in the program as its bytes, and a comment says that it was a template and has a checksum', async () => {
    codeDialog('client', {}, { template: true, checksum: { spec: 'XOR' }, text: 'n={{ counter }}' }, made(false));
    const text = (await screen.findByLabelText('Code of client.py')).textContent ?? '';
    expect(text).toContain('PAYLOAD = b"n=1|"');
    expect(text).toContain('# The payload is a template that was rendered once: every run sends these bytes.');
    expect(text).toContain('# The payload ends with its checksum, XOR, as fixed bytes.');
  });

  test.each([
    ['a secret', made(true), 'the payload uses a secret'],
    ['a mistake in it', made(false, { message: 'no x', line: 2, column: 3 }), 'line 2, column 3: no x'],
    ['an answer that is a failure', {}, 'no answer for payloads.preview'],
  ])('is not put into a program for %s', async (_, answers, text) => {
    codeDialog('client', {}, { template: true }, answers);
    expect((await screen.findByRole('alert')).textContent).toContain(text);
    expect(screen.queryByRole('button', { name: 'Save' })).toBeNull();
  });
});

describe('the colours of a program', () => {
  test('leave its text as it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...languageNames),
        fc.string({ unit: fc.constantFrom(...'a"\'\\/*#\n `') }),
        (language, text) => {
          expect(
            codeParts(language, text)
              .map((part) => part.text)
              .join(''),
          ).toBe(text);
        },
      ),
    );
  });

  test('tell comments and strings apart', () => {
    const kinds = codeParts('c', 'x = "/*"; // "no"\n').map(({ kind, text }) => [kind, text]);
    expect(kinds).toEqual([
      ['plain', 'x = '],
      ['string', '"/*"'],
      ['plain', '; '],
      ['comment', '// "no"'],
      ['plain', '\n'],
    ]);
  });
});
