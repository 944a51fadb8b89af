import { optionOf } from '#shared/endpoint/endpoint-config.ts';
import { usesTls } from '#shared/socket/transports.ts';
import type { Case } from '../examination.ts';
import { listOf, quoted } from '../words.ts';
import { closedAbove } from './local-path.ts';

/** Such a failure is not about the files: `tooManyFilesCase` explains it. */
const isOutOfFiles = (errno: string) => errno === 'EMFILE' || errno === 'ENFILE';

/** A server without a certificate file presents the certificate that Wirebench creates and keeps. */
const keptHint = 'Set WIREBENCH_HOME to a writable folder, or set a certificate and its key for this server.';

/** Finds the file of a certificate, a key or the CAs that is missing or unreadable. */
export const certificateFilesCase: Case = {
  name: 'certificate files',
  fits: ({ errno, failure, transport }) =>
    usesTls(transport) && failure.call === 'open' && !errno.startsWith('ERR_') && !isOutOfFiles(errno),
  async examine(examination) {
    const { config } = examination;
    const files = [
      { what: 'certificate file', path: optionOf(config, 'tls.certificate') },
      { what: 'key file', path: optionOf(config, 'tls.key') },
      { what: 'CA file', path: optionOf(config, 'tls.ca') },
    ].filter(({ path }) => path !== '');
    const facts = await Promise.all(files.map(({ path }) => examination.path(path)));
    for (const [index, { what, path }] of files.entries()) {
      const found = facts[index];
      const shown = quoted(path, 120);
      if (found?.closed) return closedAbove(examination, found.closed);
      if (found?.kind === 'missing') {
        examination.note(`There is nothing at ${shown}.`);
        return { code: 'file', hint: `The ${what} ${shown} does not exist: check its path.` };
      }
      if (found?.kind === 'folder') {
        examination.note(`${shown} is a folder.`);
        return { code: 'file', hint: `The ${what} ${shown} is a folder: enter the path of a file.` };
      }
      if (found?.readable === false) {
        examination.note(`${shown} belongs to ${found.owner}, and Wirebench has no permission to read it.`);
        return {
          code: 'file',
          hint: `The ${what} ${shown} belongs to ${found.owner}: ask for permission to read it.`,
        };
      }
    }
    // A readable CA file may still be too long.
    const isKept = examination.trouble.role === 'server' && optionOf(config, 'tls.certificate') === '';
    if (isKept && (optionOf(config, 'tls.ca') === '' || examination.errno !== 'EFBIG'))
      return { code: 'file', hint: keptHint };
    const hint = `Use readable PEM files (“-----BEGIN”) for: ${listOf(files.map(({ what }) => what))}.`;
    return files.length === 0 ? undefined : { code: 'file', hint };
  },
};
