import { act, screen } from '@testing-library/react';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { languageNames } from '#shared/code/catalogue.ts';
import { renderPart, show } from '#support/render.tsx';
import { Dialogs, loadParts } from '../../../../../src/renderer/app/lazy-parts.tsx';
import { codeParts } from '../../../../../src/renderer/features/code/highlight.ts';
import { showDialog } from '../../../../../src/renderer/state/dialogs.ts';
import { changeDraft, type Draft } from '../../../../../src/renderer/state/drafts.ts';
import { changeForm, openFormTab } from '../../../../../src/renderer/state/endpoint-commands.ts';
import type { EndpointForm } from '../../../../../src/renderer/state/form-fields.ts';
import { fakeHost } from '../../fake-services.ts';

beforeAll(loadParts);

/** The dialog for a tab of `role` with these changes. */
function codeDialog(role: 'client' | 'server', form: Partial<EndpointForm> = {}, draft: Partial<Draft> = {}) {
  const { services } = fakeHost({});
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
    ['a template', {}, { template: true }, 'the payload is a template'],
    ['another encoding', {}, { encoding: 'iso-8859-1' }, 'the payload is sent as iso-8859-1'],
    ['no framing around the payload', { framing: 'json' }, { frame: false }, 'sent without framing'],
  ] as const)('is not shown for %s: a failure says why', (_, form, draft, text) => {
    codeDialog('client', form as Partial<EndpointForm>, draft as Partial<Draft>);
    expect(problem()).toContain(text);
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
