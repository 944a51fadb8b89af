import { useEffect, useState } from 'react';

const stepMs = 250;

/** The time, milliseconds since the epoch, a few times a second while it is looked at. */
export function useNow(running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), stepMs);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}
