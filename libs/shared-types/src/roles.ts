/** What a person may be. Everyone is a `user`; rights beyond their own things come from further roles. */
export const roles = ['user', 'admin'] as const;
export type Role = (typeof roles)[number];
