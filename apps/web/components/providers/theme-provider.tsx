'use client';
import { createContext, use, useMemo, useState, type ReactNode } from 'react';
import { themeCookie, type Theme } from '../../lib/theme.ts';

const ThemeContext = createContext<{ theme: Theme; setTheme: (theme: Theme) => void } | null>(null);

/** The choice lives in a cookie, so that the server draws the first frame right and nothing flashes. */
export function ThemeProvider({ initial, children }: { initial: Theme; children: ReactNode }) {
  const [theme, setTheme] = useState(initial);
  const value = useMemo(
    () => ({
      theme,
      setTheme: (chosen: Theme) => {
        setTheme(chosen);
        applyTheme(chosen);
      },
    }),
    [theme],
  );
  return <ThemeContext value={value}>{children}</ThemeContext>;
}

function applyTheme(theme: Theme) {
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
  const lifetime = theme === 'system' ? 0 : 31_536_000;
  document.cookie = `${themeCookie}=${theme}; Path=/; Max-Age=${lifetime}; SameSite=Lax`;
}

export function useTheme() {
  const value = use(ThemeContext);
  if (value === null) throw new Error('useTheme needs a ThemeProvider above it');
  return value;
}
