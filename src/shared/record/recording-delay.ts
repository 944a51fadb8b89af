/**
 * How long after it happened a record is in the file at the latest, on a machine with other work on all its cores: what is
 * stated of a session whose process was killed. Usually it is 20 to 40 ms; the kill attacks measure it. Milliseconds.
 */
export const recordingDelayMs = 500;
