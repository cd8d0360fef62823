import { createRequire } from 'node:module';
import type * as Orm from 'drizzle-orm';
import type * as Migrator from 'drizzle-orm/migrator';
import type * as NodePostgres from 'drizzle-orm/node-postgres';
import type * as PgCore from 'drizzle-orm/pg-core';

// As ES modules they would cost every process most of a second at its start: for each of more than a hundred, Node parses
// the package's package.json anew, which is 179 kB long.
const require = createRequire(import.meta.url);
const orm = require('drizzle-orm') as typeof Orm;
// Whole, for what is called by it: to take `primaryKey` out would name its deprecated form as well.
export const pgCore = require('drizzle-orm/pg-core') as typeof PgCore;

export const { and, asc, count, desc, eq, exists, gt, gte, inArray, isNotNull, isNull, lt, lte } = orm;
export const { ne, not, notInArray, or, sql } = orm;
export type SQL = Orm.SQL;
export const { check, index, pgSchema, unique, uniqueIndex } = pgCore;
export const { bigint, boolean, customType, date, doublePrecision, integer, jsonb, numeric, text, timestamp, uuid } =
  pgCore;
export const { drizzle } = require('drizzle-orm/node-postgres') as typeof NodePostgres;
export const { readMigrationFiles } = require('drizzle-orm/migrator') as typeof Migrator;
