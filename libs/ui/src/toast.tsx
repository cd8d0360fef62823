'use client';
import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import { type ReactNode } from 'react';

const manager = Toast.createToastManager();

interface ToastOptions {
  title: string;
  description?: string;
  action?: { label: string; onClick: () => void };
}

/** Says something in passing. What must not be missed belongs in the page, not here. */
export function toast({ title, description, action }: ToastOptions): void {
  manager.add({
    title,
    ...(description !== undefined && { description }),
    ...(action !== undefined && { actionProps: { children: action.label, onClick: action.onClick } }),
  });
}

export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider toastManager={manager} timeout={6000}>
      {children}
      <Toast.Portal>
        {/* Above, under the page's header: below are the buttons that one presses next. */}
        <Toast.Viewport className="fixed inset-x-4 top-17 z-60 mx-auto w-auto outline-none sm:right-6 sm:left-auto sm:w-88 print:hidden">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((item) => (
    <Toast.Root
      key={item.id}
      toast={item}
      className="absolute inset-x-0 top-0 translate-y-(--toast-offset-y) rounded-lg border border-line bg-raised p-4 shadow-float transition-[opacity,transform] duration-200 ease-out data-ending-style:-translate-y-3 data-ending-style:opacity-0 data-limited:opacity-0 data-starting-style:-translate-y-3 data-starting-style:opacity-0"
    >
      <Toast.Content className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <Toast.Title className="text-sm font-medium text-ink" />
          <Toast.Description className="text-sm text-muted" />
        </div>
        <Toast.Action className="rounded-xs text-sm font-medium text-accent-ink underline-offset-4 hover:underline" />
        <Toast.Close
          aria-label="Dismiss"
          className="-m-1 grid size-7 place-items-center rounded-sm text-muted hover:bg-hover hover:text-ink"
        >
          <X aria-hidden="true" className="size-4" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}
