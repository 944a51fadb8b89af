import { Search } from 'lucide-react';
import { useCallback, useRef, useState } from 'react';
import { Button } from './button.tsx';
import { Popover } from './popover.tsx';
import { type SearchItem, SearchList } from './search-list.tsx';

interface SearchButtonProps<Item extends SearchItem> {
  readonly label: string;
  readonly items: readonly Item[];
  readonly onSelect: (item: Item) => void;
}

/** A button that opens a searchable list. */
export function SearchButton<Item extends SearchItem>({ label, items, onSelect }: SearchButtonProps<Item>) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  return (
    <>
      <Button
        ref={anchor}
        variant="ghost"
        aria-label={label}
        title={label}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(true)}
      >
        <Search size={14} aria-hidden />
      </Button>
      <Popover open={open} onClose={close} anchor={anchor} align="end" label={label}>
        <SearchList
          label={label}
          items={items}
          onSelect={(item) => {
            close();
            onSelect(item);
          }}
        />
      </Popover>
    </>
  );
}
