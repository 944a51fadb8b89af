/**
 * How long after it happened a record is in the file at the latest, on a machine with other work on all its cores: what is
 * stated of a session whose process was killed. It is 20 to 50 ms while the writer thread runs; the kill attacks measure it. Milliseconds.
 */
export const recordingDelayMs = 500;
