import type { StoredFile } from './documents.store.ts';

/** Anybody may have made the file, so that no browser is to show it, guess what it is, or keep it. */
export function originalHeaders({ name, mediaType, bytes }: Omit<StoredFile, 'content'>): Record<string, string> {
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return {
    'content-type': mediaType === 'application/pdf' ? mediaType : 'application/octet-stream',
    'content-length': String(bytes),
    'content-disposition': `attachment; filename="document"; filename*=UTF-8''${encoded}`,
    'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    'cache-control': 'private, no-store',
  };
}
