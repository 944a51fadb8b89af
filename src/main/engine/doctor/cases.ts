import { certificateCase } from './cases/certificate.ts';
import { certificateFilesCase } from './cases/certificate-files.ts';
import { deniedCase } from './cases/denied.ts';
import { endedEarlyCase } from './cases/ended-early.ts';
import { inUseCase } from './cases/in-use.ts';
import { optionCase, tooLongCase, tooManyFilesCase } from './cases/limits.ts';
import { linkLocalCase } from './cases/link-local.ts';
import { localPathCase } from './cases/local-path.ts';
import { mistypedCase } from './cases/mistyped.ts';
import { nameNotFoundCase } from './cases/name-not-found.ts';
import { notAvailableCase } from './cases/not-available.ts';
import { ownServerCase } from './cases/own-server.ts';
import { refusedCase } from './cases/refused.ts';
import { timedOutCase } from './cases/timed-out.ts';
import { tlsTermsCase } from './cases/tls-terms.ts';
import { unreachableCase } from './cases/unreachable.ts';
import { wrongProtocolCase } from './cases/wrong-protocol.ts';
import type { Case } from './examination.ts';

/** All cases of the doctor, in the order in which they are tried: special ones before general ones. */
export const cases: readonly Case[] = [
  mistypedCase,
  localPathCase,
  certificateFilesCase,
  ownServerCase,
  linkLocalCase,
  refusedCase,
  inUseCase,
  notAvailableCase,
  deniedCase,
  unreachableCase,
  timedOutCase,
  nameNotFoundCase,
  certificateCase,
  tlsTermsCase,
  wrongProtocolCase,
  endedEarlyCase,
  tooManyFilesCase,
  tooLongCase,
  optionCase,
];
