import { roles } from '@alva/shared-types';
import { z } from 'zod';
import { page, pageQuery } from './lists.ts';
import { person } from './people.ts';
import { line, timestamp } from './primitives.ts';

/** A person as administrators see them in a list. */
export const adminUser = person
  .extend({ disabledAt: timestamp.nullable().describe('Since when they can do nothing; null while they can') })
  .meta({ id: 'AdminUser' });
export type AdminUser = z.infer<typeof adminUser>;

/** One person, looked at more closely. */
export const adminUserDetail = adminUser
  .extend({ liveSessions: z.number().int().describe('How many sessions they have open') })
  .meta({ id: 'AdminUserDetail' });
export type AdminUserDetail = z.infer<typeof adminUserDetail>;

export const adminUserList = page(adminUser);

export const adminUsersQuery = pageQuery.extend({
  search: line(254).optional().describe('The beginning of an e-mail address or a name, in any case; or a whole id'),
  disabled: z.enum(['true', 'false']).optional().describe('Only those who are disabled, or only those who are not'),
  role: z.enum(roles).optional().describe('Only those who have this role'),
});
export type AdminUsersQuery = z.infer<typeof adminUsersQuery>;

/** Body of `PATCH /admin/users/:id`. What is left out stays as it is; a name is its owner’s to change. */
export const changeUserBody = z
  .strictObject({
    disabled: z.boolean().optional().describe('true ends all sessions at once; false revives none of them'),
    roles: z
      .array(z.enum(roles))
      .max(roles.length)
      .refine((list) => list.includes('user'), 'must include user, which everyone is')
      .refine((list) => new Set(list).size === list.length, 'must name each role once')
      .optional()
      .describe('All that they shall have from now on. Taking one away ends all sessions, whose tokens carry it'),
  })
  .refine((body) => Object.keys(body).length > 0, 'must change something')
  .meta({ id: 'ChangeUser' });
export type ChangeUserBody = z.infer<typeof changeUserBody>;
