import { type Routes } from '@alva/service-kit';
import { recordRefusedPeople } from '../audit/refusal-hooks.ts';
import { type Refusals } from '../audit/refusals.service.ts';
import { installRoleGuard } from '../tokens/guards.ts';
import { auditRoutes, type AuditRoutesOptions } from './audit.routes.ts';
import { keyRoutes, type KeyRoutesOptions } from './keys.routes.ts';
import { userRoutes, type UserRoutesOptions } from './users.routes.ts';

export type AdminRoutesOptions = AuditRoutesOptions &
  KeyRoutesOptions &
  UserRoutesOptions & { readonly refusals: Refusals };

/** Everything below `/admin`: to be registered in a scope that knows its caller, and for administrators only. */
export const adminRoutes: Routes<AdminRoutesOptions> = async (app, options) => {
  recordRefusedPeople(app, options.refusals);
  installRoleGuard(app, 'admin');
  await app.register(userRoutes, options);
  await app.register(auditRoutes, options);
  await app.register(keyRoutes, options);
};
