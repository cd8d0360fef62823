'use client';
import { Menu, MenuChoice, MenuItem, MenuSeparator, Skeleton, toast } from '@alva/ui';
import { Files, LogOut, Monitor, Moon, Settings, Sun } from 'lucide-react';
import Link from 'next/link';
import { tell } from '../../lib/problems.ts';
import { useServices } from '../providers/services-provider.tsx';
import { useTheme } from '../providers/theme-provider.tsx';
import { useSession } from '../session/use-session.ts';

const themeOptions = [
  { value: 'system', label: 'System', icon: <Monitor aria-hidden="true" /> },
  { value: 'light', label: 'Light', icon: <Sun aria-hidden="true" /> },
  { value: 'dark', label: 'Dark', icon: <Moon aria-hidden="true" /> },
] as const;

export function UserMenu() {
  const state = useSession();
  const { session } = useServices();
  const { theme, setTheme } = useTheme();
  if (state.status === 'restoring') return <Skeleton className="size-8 rounded-full" />;
  if (state.status !== 'signed-in') return null;
  const { user } = state;

  async function signOut() {
    try {
      await session.signOut();
    } catch (error) {
      const { title, detail } = tell(error);
      toast({ title: `Not signed out: ${title}`, description: detail });
    }
  }

  return (
    <Menu
      label="Your account"
      triggerClassName="grid size-8 place-items-center rounded-full bg-accent text-xs font-semibold text-on-accent uppercase data-popup-open:bg-accent-strong"
      trigger={(user.name ?? user.email).slice(0, 1)}
    >
      <div className="max-w-64 px-2.5 pt-2 pb-2.5">
        <p className="text-xs text-subtle">Signed in as</p>
        <p className="truncate font-medium text-ink">{user.email}</p>
      </div>
      <MenuSeparator />
      <MenuItem render={<Link href="/plans" />}>
        <Files aria-hidden="true" /> Plans
      </MenuItem>
      <MenuItem render={<Link href="/settings" />}>
        <Settings aria-hidden="true" /> Settings
      </MenuItem>
      <MenuSeparator />
      <MenuChoice label="Colour scheme" value={theme} options={themeOptions} onChange={setTheme} />
      <MenuSeparator />
      <MenuItem onClick={() => void signOut()}>
        <LogOut aria-hidden="true" /> Sign out
      </MenuItem>
    </Menu>
  );
}
