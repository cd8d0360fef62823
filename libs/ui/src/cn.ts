import { clsx, type ClassValue } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

// The theme's own sizes: without them tailwind-merge would take `text-hero` for a colour and drop it beside one.
const merge = extendTailwindMerge({
  extend: {
    classGroups: { 'font-size': [{ text: ['2xs', 'hero'] }], shadow: [{ shadow: ['control', 'card', 'float'] }] },
  },
});

/** Joins class names; a later one wins over an earlier one that sets the same property. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
