import { buttonStyles, EmptyState } from '@alva/ui';
import Link from 'next/link';

export function NoProfileYet() {
  return (
    <EmptyState
      title="You have not described your business yet"
      action={
        <Link href="/welcome" className={buttonStyles()}>
          Describe your business
        </Link>
      }
    >
      Four short steps; they are saved as you type.
    </EmptyState>
  );
}
