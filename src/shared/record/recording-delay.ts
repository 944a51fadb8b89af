/**
 * The maximum time in milliseconds until a record is in the file, on a machine whose cores are all busy: stated of a session
 * whose process was killed. It is 20 to 50 ms while the writer thread runs; the kill attacks measure it.
 */
export const recordingDelayMs = 500;
