import { type Routes } from '@alva/service-kit';
import { installRoleGuard } from '../tokens/guards.ts';
import { keyRoutes, type KeyRoutesOptions } from './keys.routes.ts';

export type AdminRoutesOptions = KeyRoutesOptions;

/** Everything below `/admin`: to be registered in a scope that knows its caller, and for administrators only. */
export const adminRoutes: Routes<AdminRoutesOptions> = async (app, options) => {
  installRoleGuard(app, 'admin');
  await app.register(keyRoutes, options);
};
