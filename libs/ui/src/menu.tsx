'use client';
import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import { type ReactNode } from 'react';
import { cn } from './cn.ts';

interface MenuProps {
  label: string;
  trigger: ReactNode;
  triggerClassName?: string;
  children: ReactNode;
}

export function Menu({ label, trigger, triggerClassName, children }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger aria-label={label} className={triggerClassName}>
        {trigger}
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={6} align="end" className="z-50 outline-none">
          <Base.Popup className="min-w-56 origin-(--transform-origin) rounded-lg border border-line bg-raised p-1 text-sm shadow-float outline-none transition-[opacity,transform] duration-100 data-ending-style:scale-[0.98] data-ending-style:opacity-0 data-starting-style:scale-[0.98] data-starting-style:opacity-0">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

const itemStyles =
  'flex min-h-9 cursor-pointer items-center gap-2.5 rounded-sm px-2.5 text-ink outline-none select-none data-highlighted:bg-hover [&_svg]:size-4 [&_svg]:text-muted';

export function MenuItem({ className, ...props }: Base.Item.Props & { className?: string }) {
  return <Base.Item className={cn(itemStyles, className)} {...props} />;
}

export function MenuSeparator() {
  return <Base.Separator className="mx-2.5 my-1 h-px bg-line" />;
}

interface MenuChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string; icon: ReactNode }[];
  onChange: (value: Value) => void;
}

/** One of several, inside a menu. */
export function MenuChoice<Value extends string>({ label, value, options, onChange }: MenuChoiceProps<Value>) {
  return (
    <Base.RadioGroup value={value} onValueChange={(chosen: Value) => onChange(chosen)} aria-label={label}>
      <p aria-hidden="true" className="px-2.5 pt-1.5 pb-1 text-xs text-subtle">
        {label}
      </p>
      {options.map((option) => (
        <Base.RadioItem key={option.value} value={option.value} className={itemStyles}>
          {option.icon}
          <span className="flex-1">{option.label}</span>
          <Base.RadioItemIndicator>
            <Check aria-hidden="true" />
          </Base.RadioItemIndicator>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}
