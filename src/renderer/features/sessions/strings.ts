import { recordingDelayMs } from '#shared/record/record.ts';
import { bytesText, countOf } from '../../ui/text.ts';

/** The UI strings of recorded sessions: their lists and their dialogs. */
export const strings = {
  cancel: 'Cancel',
  close: 'Close',
  retention: 'Retention settings…',
  records: (count: number) => countOf(count, 'record'),
  used: (sessions: number, bytes: number) => `${countOf(sessions, 'session')}, ${bytesText(bytes)}`,
  state: {
    crashed: 'recovered',
    busy: 'in use',
    recording: 'recording',
    busyNote: 'Another Wirebench is recording to this session.',
    crashedNote: (truncatedBytes: number) =>
      `Wirebench did not shut down cleanly: ${
        truncatedBytes === 0
          ? 'all blocks in the file are complete'
          : `an incomplete block of ${bytesText(truncatedBytes)} at the end was discarded`
      }. Up to ${recordingDelayMs} ms of records are missing.`,
  },
  today: (time: string) => `today ${time}`,
  yesterday: (time: string) => `yesterday ${time}`,
  entry: {
    open: 'Open',
    openOf: (name: string) => `Open ${name}`,
    actionsOf: (name: string) => `Actions for ${name}`,
    rename: 'Rename…',
    delete: 'Delete…',
  },
  recent: {
    title: 'Recent sessions',
    showAll: 'Show all',
    none: 'No recordings yet. Every session is recorded automatically.',
  },
  stored: {
    title: 'Recorded sessions',
    find: 'Find by name',
    usedIn: (used: string, folder: string) => `${used} in ${folder}`,
    none: 'No recordings yet.',
    noMatch: 'No matching session.',
  },
  rename: {
    title: 'Rename session',
    name: 'Name',
    nameError: 'Enter a name',
    help: 'Named sessions are never deleted automatically.',
    rename: 'Rename',
  },
  delete: {
    title: (name: string) => `Delete “${name}”?`,
    text: (content: string) => `This permanently deletes the recording (${content}).`,
    keep: 'Keep session',
    delete: 'Delete session',
  },
  newSession: {
    title: 'Start a new session?',
    text: (endpoints: number, connections: number) =>
      `${countOf(endpoints, 'endpoint')} and ${countOf(connections, 'connection')} are open and will be closed. The current session is kept.`,
    start: 'Close connections and start',
  },
  place: {
    title: 'Record to a different folder',
    folders: 'Folders on the machine that runs Wirebench',
    free: (bytes: number) => `${bytesText(bytes)} free`,
    help: 'Moves the recorded data to the new file. To record to another disk, set WIREBENCH_HOME to a folder on that disk and restart Wirebench.',
    move: 'Move and record there',
  },
  alert: {
    waiting: 'New records wait in memory; when 32 MiB are waiting, sockets are not read until recording resumes.',
    written: (count: number) => `${countOf(count, 'record')} saved. `,
    failedAgain: (times: number, reason: string) =>
      `Retried${times === 1 ? '' : ` ${countOf(times, 'time')}`} without success: ${reason}.`,
    retry: 'Retry',
    selectPlace: 'Record to a different file…',
  },
  save: {
    title: 'Save session',
    format: 'Format',
    copy: (name: string, isRecording: boolean) =>
      `Saves a copy of ${name}${isRecording ? '; recording continues' : ''}.`,
    move: 'Record to a different file…',
    save: 'Save',
    counting: 'Counting…',
    estimate: (records: number, bytes: number) => `${countOf(records, 'record')}, about ${bytesText(bytes)}`,
  },
  scope: {
    title: 'Records',
    whole: 'Whole session',
    shown: 'Filtered records',
    endpoint: 'This endpoint',
    socket: 'One socket',
    socketHelp: 'a connection or a listener',
    socketField: 'Socket',
    listener: (address: string) => `listening on ${address}`,
    direction: 'Direction',
    both: 'Both directions',
    in: 'Received only',
    out: 'Sent only',
  },
} as const;
