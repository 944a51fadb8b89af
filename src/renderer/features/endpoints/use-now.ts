import { useEffect, useState } from 'react';

const stepMs = 250;

/** Returns the time in milliseconds since the epoch, updated several times a second while `running`. */
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
