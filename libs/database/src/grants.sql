-- Each service reaches its own schema and nothing of the other's. Run after every migration: new tables are covered.
revoke all on schema auth, app from public;
grant usage on schema auth to alva_auth;
grant select, insert, update, delete on all tables in schema auth to alva_auth;
grant usage on all sequences in schema auth to alva_auth;
-- The audit trail is only ever appended to.
revoke update, delete, truncate on auth.audit_events from alva_auth;
grant usage on schema app to alva_app;
grant select, insert, update, delete on all tables in schema app to alva_app;
grant usage on all sequences in schema app to alva_app;
-- Services look at their start whether the tables are those of their version.
grant usage on schema drizzle to alva_auth, alva_app;
grant select on drizzle.__drizzle_migrations to alva_auth, alva_app;
