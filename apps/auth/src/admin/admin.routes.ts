import { type Routes } from '@alva/service-kit';
import { recordRefusedPeople } from '../audit/refusal-hooks.ts';
import { type Refusals } from '../audit/refusals.service.ts';
import { installRoleGuard, installStepUpGuard } from '../tokens/guards.ts';
import { auditRoutes, type AuditRoutesOptions } from './audit.routes.ts';
import { mailRoutes, type MailRoutesOptions } from './mails.routes.ts';
import { keyChangeRoutes, keyRoutes, type KeyRoutesOptions } from './keys.routes.ts';
import { userRightsRoutes } from './user-rights.routes.ts';
import { userRoutes, type UserRoutesOptions } from './users.routes.ts';

export type AdminRoutesOptions = AuditRoutesOptions &
  KeyRoutesOptions &
  MailRoutesOptions &
  UserRoutesOptions & { readonly refusals: Refusals; readonly now: (() => number) | undefined };

/** Everything below `/admin`: to be registered in a scope that knows its caller, and for administrators only. */
export const adminRoutes: Routes<AdminRoutesOptions> = async (app, options) => {
  recordRefusedPeople(app, options.refusals);
  installRoleGuard(app, 'admin');
  await app.register(userRoutes, options);
  await app.register(auditRoutes, options);
  await app.register(keyRoutes, options);
  await app.register(mailRoutes, options);
  await app.register(rights, options);
};

/** What decides who may do what, and by which keys that is believed: only soon after the administrator showed who they are. */
const rights: Routes<AdminRoutesOptions> = async (app, options) => {
  installStepUpGuard(app, options);
  await app.register(userRightsRoutes, options);
  await app.register(keyChangeRoutes, options);
};
