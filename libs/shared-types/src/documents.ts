/** Files that the assistant can read. */
export const documentMediaTypes = ['text/plain', 'text/markdown', 'text/html', 'application/pdf'] as const;
export type DocumentMediaType = (typeof documentMediaTypes)[number];

export const documentStatuses = ['reading', 'ready', 'failed'] as const;
export type DocumentStatus = (typeof documentStatuses)[number];

/** How the words of a text are brought to their stems: what Postgres calls a text search configuration. */
export const textLanguages = ['german', 'english', 'simple'] as const;
export type TextLanguage = (typeof textLanguages)[number];
