import { Check, Copy, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, IconButton } from './button.tsx';
import { copyText } from './copy-text.ts';

interface CopyButtonProps {
  readonly label: string;
  readonly text: string | (() => string);
  /** Shows the label beside the icon. */
  readonly shown?: boolean;
}

/** Copies `text` and briefly shows whether that succeeded. */
export function CopyButton({ label, text, shown = false }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'refused'>();
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(undefined), outcome === 'copied' ? 1_200 : 4_000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async () => {
    const isCopied = await copyText(typeof text === 'string' ? text : text());
    setOutcome(isCopied ? 'copied' : 'refused');
  };
  const said = outcome === 'copied' ? 'Copied' : outcome === 'refused' ? 'Copying failed' : label;
  const icon =
    outcome === 'copied' ? (
      <Check size={14} aria-hidden />
    ) : outcome === 'refused' ? (
      <X size={14} aria-hidden />
    ) : (
      <Copy size={14} aria-hidden />
    );
  if (shown || outcome === 'refused') {
    return (
      <Button small onClick={() => void copy()}>
        {outcome ? icon : null} <span aria-live="polite">{said}</span>
      </Button>
    );
  }
  return (
    <IconButton label={said} small onClick={() => void copy()}>
      {icon}
    </IconButton>
  );
}
