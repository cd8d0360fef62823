import { resolve } from 'node:path';
import { type NextConfig } from 'next';

const workspaceRoot = resolve(import.meta.dirname, '../..');

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: workspaceRoot,
  turbopack: { root: workspaceRoot },
  // The workspace's libraries are TypeScript sources.
  transpilePackages: [
    '@alva/api-client',
    '@alva/auth-client',
    '@alva/shared-types',
    '@alva/ui',
    '@alva/validation',
    'geist',
  ],
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // Types and lint are targets of their own; a build that repeats them only takes longer.
  typescript: { ignoreBuildErrors: true },
  // Pages get these and more from proxy.ts; files under /_next/static do not pass it.
  headers: async () => [
    {
      source: '/:path*',
      headers: [
        { key: 'X-Content-Type-Options', value: 'nosniff' },
        { key: 'Referrer-Policy', value: 'no-referrer' },
      ],
    },
  ],
};

export default config;
