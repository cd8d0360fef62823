'use client';
import { Dialog } from '@base-ui/react/dialog';
import { type ReactNode } from 'react';

interface ModalProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}

/** Something small to do before going on; Escape, and a click outside, leave it. */
export function Modal({ open, onOpenChange, title, lead, children }: ModalProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup className="fixed inset-x-4 bottom-4 z-50 mx-auto max-h-[calc(100dvh-2rem)] max-w-[26rem] overflow-y-auto rounded-xl border border-line bg-raised p-6 shadow-float transition-[opacity,transform] duration-150 data-ending-style:translate-y-1 data-ending-style:opacity-0 data-starting-style:translate-y-1 data-starting-style:opacity-0 sm:top-1/2 sm:bottom-auto sm:-translate-y-1/2">
          <Dialog.Title className="type-display text-xl text-ink">{title}</Dialog.Title>
          {lead !== undefined && (
            <Dialog.Description className="mt-2 text-sm text-muted" render={<div />}>
              {lead}
            </Dialog.Description>
          )}
          <div className="mt-5">{children}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
