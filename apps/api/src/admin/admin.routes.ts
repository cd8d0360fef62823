import type { Routes } from '@alva/service-kit';
import { installRoleGuard } from '@alva/token-verifier/fastify';
import { adminJobRoutes, type AdminJobRoutesOptions } from '../jobs/admin-jobs.routes.ts';
import { limitRoutes } from '../usage/limits.routes.ts';
import type { UsageService } from '../usage/usage.service.ts';
import { enterRoutes, type EnterRoutesOptions } from './queues/enter.routes.ts';

export type AdminRoutesOptions = AdminJobRoutesOptions & EnterRoutesOptions & { readonly usage: UsageService };

/**
 * Everything below `/admin`: to be registered in the guarded scope, and for administrators only. A role that was taken away
 * ends the sessions that had it, and so the tokens.
 */
export const adminRoutes: Routes<AdminRoutesOptions> = async (app, options) => {
  installRoleGuard(app, 'admin');
  await app.register(limitRoutes, options);
  await app.register(adminJobRoutes, options);
  await app.register(enterRoutes, options);
};
