import { Badge, Spinner } from '@alva/ui';
import { type PlanStatus } from '@alva/shared-types';

export function PlanStatusBadge({ status }: { status: PlanStatus }) {
  switch (status) {
    case 'generating':
      return (
        <Badge tone="accent">
          <Spinner /> Being written
        </Badge>
      );
    case 'failed':
      return <Badge tone="danger">Not finished</Badge>;
    case 'cancelled':
      return <Badge>Cancelled</Badge>;
    case 'ready':
      return null;
  }
}
