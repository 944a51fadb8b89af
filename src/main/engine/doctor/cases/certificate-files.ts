import { usesTls } from '#shared/socket/transports.ts';
import type { Case } from '../examination.ts';
import { quoted } from '../words.ts';

const errnos = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM'];

/** The files of our own certificate, its key and the authorities: which of them is not there, or may not be read? */
export const certificateFilesCase: Case = {
  name: 'certificate files',
  fits: ({ errno, transport }) => usesTls(transport) && errnos.includes(errno),
  async examine(examination) {
    const { certificate, key, ca } = examination.config.tls;
    const files = [
      { what: 'certificate', path: certificate },
      { what: 'key', path: key },
      { what: 'CA', path: ca },
    ].filter(({ path }) => path !== '');
    const facts = await Promise.all(files.map(({ path }) => examination.path(path)));
    for (const [index, { what, path }] of files.entries()) {
      const found = facts[index];
      const shown = quoted(path, 120);
      if (found?.kind === 'missing') {
        examination.note(`There is nothing at ${shown}.`);
        return { code: 'file', hint: `The file of the ${what}, ${shown}, does not exist: check its path.` };
      }
      if (found?.kind === 'folder') {
        examination.note(`${shown} is a folder.`);
        return { code: 'file', hint: `${shown} is a folder: name the file of the ${what}.` };
      }
      if (found?.readable === false) {
        examination.note(`${shown} belongs to ${found.owner}, and we may not read it.`);
        const hint = `The file of the ${what}, ${shown}, belongs to ${found.owner}: ask for the right to read it.`;
        return { code: 'file', hint };
      }
    }
    return undefined;
  },
};
