import { Button } from '@alva/ui';
import { KeyRound } from 'lucide-react';

/** Ways in besides the mailed link, below it: nobody needs them to get in. */
export function OtherWays({ onPassword }: { onPassword: () => void }) {
  return (
    <div className="mt-7 grid gap-3 border-t border-line pt-6">
      <Button variant="secondary" size="lg" block onClick={onPassword}>
        <KeyRound aria-hidden="true" /> Use a password
      </Button>
    </div>
  );
}
