-- Group roles of the services. They belong to the whole cluster, so another database may have made them already.
do $$
declare
  service_role text;
  privilege constant text := case when current_setting('server_version_num')::int < 160000 then 'member' else 'set' end;
begin
  foreach service_role in array array['alva_auth', 'alva_app'] loop
    if not exists (select from pg_roles where rolname = service_role) then
      begin
        execute format('create role %I nologin', service_role);
      exception when duplicate_object or unique_violation then
        null;
      end;
    end if;
    -- Whoever migrates may also work as the services, so that one login is enough in development.
    -- From Postgres 16 on, making a role makes its maker a member that may hand it on but not take it on.
    if not pg_has_role(current_user, service_role, privilege) then
      execute format('grant %I to current_user', service_role);
    end if;
  end loop;
end
$$;
