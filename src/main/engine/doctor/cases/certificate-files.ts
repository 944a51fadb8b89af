import { optionOf } from '#shared/endpoint/endpoint-config.ts';
import { usesTls } from '#shared/socket/transports.ts';
import type { Case } from '../examination.ts';
import { listOf, quoted } from '../words.ts';
import { closedAbove } from './closed-folder.ts';

/** That is no fault of the files: `tooManyFilesCase` says it. */
const isOutOfFiles = (errno: string) => errno === 'EMFILE' || errno === 'ENFILE';

/** A server without a certificate file shows the one that Wirebench makes and keeps. */
const keptHint =
  'Choose a folder that can be written to with WIREBENCH_HOME, or give this server a certificate and its key.';

/** The files of our own certificate, its key and the authorities: which of them is not there, or may not be read? */
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
        return { code: 'file', hint: `The ${what} ${shown} is a folder: name a file.` };
      }
      if (found?.readable === false) {
        examination.note(`${shown} belongs to ${found.owner}, and we may not read it.`);
        return {
          code: 'file',
          hint: `The ${what} ${shown} belongs to ${found.owner}: ask for the right to read it.`,
        };
      }
    }
    // A CA file that can be read may still be too long to be one.
    const isKept = examination.trouble.role === 'server' && optionOf(config, 'tls.certificate') === '';
    if (isKept && (optionOf(config, 'tls.ca') === '' || examination.errno !== 'EFBIG'))
      return { code: 'file', hint: keptHint };
    const hint = `Name a file of PEM text (“-----BEGIN”) that can be read for each: ${listOf(files.map(({ what }) => what))}.`;
    return files.length === 0 ? undefined : { code: 'file', hint };
  },
};
