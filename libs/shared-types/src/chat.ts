/** `direct` advises, `socratic` helps to find the answer oneself. */
export const chatTones = ['direct', 'socratic'] as const;
export type ChatTone = (typeof chatTones)[number];

export const chatRoles = ['user', 'assistant'] as const;
export type ChatRole = (typeof chatRoles)[number];

/** Questions are ready at once; an answer is `generating` until it is whole. */
export const chatMessageStatuses = ['generating', 'ready', 'failed', 'cancelled'] as const;
export type ChatMessageStatus = (typeof chatMessageStatuses)[number];
