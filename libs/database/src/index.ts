export {
  and,
  asc,
  count,
  desc,
  eq,
  exists,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  gte,
  ne,
  not,
  notInArray,
  or,
  sql,
  type SQL,
} from './drizzle.ts';
export { explainDatabaseFailure } from './explain-failure.ts';
export { newIdentifier } from './identifiers.ts';
export { migrate } from './migrate.ts';
export { openDatabase, type Database, type DatabaseOptions, type DatabaseRole } from './open-database.ts';
export { OtherSchema, refuseOtherSchema } from './schema-version.ts';
export { DatabaseUnavailable, type Parameter, type RunStatement } from './statement.ts';
export * from './schema/index.ts';
