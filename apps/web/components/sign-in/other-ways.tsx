import { Button } from '@alva/ui';
import { KeyRound } from 'lucide-react';
import { ProviderButtons } from './provider-buttons.tsx';

interface OtherWaysProps {
  next: string;
  onPassword: () => void;
}

/** Ways in besides the mailed link, below it: nobody needs them to get in. */
export function OtherWays({ next, onPassword }: OtherWaysProps) {
  return (
    <div className="mt-7 grid grid-cols-[minmax(0,1fr)] gap-3 border-t border-line pt-6">
      <ProviderButtons next={next} />
      <Button variant="secondary" size="lg" block onClick={onPassword}>
        <KeyRound aria-hidden="true" /> Use a password
      </Button>
    </div>
  );
}
