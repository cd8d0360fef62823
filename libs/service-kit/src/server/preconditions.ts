import { ProblemError } from '../problems/problem-error.ts';

/** What a change expects of the thing it changes: any version at all, or one of these. */
export type ExpectedVersions = 'any' | readonly number[];

/** The strong entity tag of a thing whose versions are counted: version 7 is `"7"`. */
export function versionTag(version: number): string {
  return `"${version}"`;
}

/**
 * `If-Match` (RFC 9110, section 13.1.1) as version numbers; undefined when it was not sent. Compared strongly: a weak tag, such
 * as a proxy makes of ours when it compresses, and one we never gave match nothing. Throws 400 on what is no list of tags.
 */
export function expectedVersions(ifMatch: string | undefined): ExpectedVersions | undefined {
  if (ifMatch === undefined) return undefined;
  const tags = entityTags(ifMatch, 'If-Match');
  if (tags === '*') return 'any';
  return tags.flatMap(({ weak, value }) => (!weak && /^[1-9]\d{0,8}$/.test(value) ? [Number(value)] : []));
}

export function isExpected(expected: ExpectedVersions, version: number): boolean {
  return expected === 'any' || expected.includes(version);
}

/** Whether what is asked for is what the client has, by its `If-None-Match` (section 13.1.2), which compares weakly. */
export function isKnownVersion(ifNoneMatch: string | undefined, version: number): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = entityTags(ifNoneMatch, 'If-None-Match');
  return tags === '*' || tags.some(({ value }) => value === String(version));
}

/** Refuses to change what is at another version than was expected, and says at which. */
export function preconditionFailed(version: number): ProblemError {
  return new ProblemError('precondition-failed', { headers: { etag: versionTag(version) } });
}

interface EntityTag {
  readonly weak: boolean;
  readonly value: string;
}

/**
 * One tag of a list, with the comma before the next. Tags may hold commas themselves, and lists empty elements (section 5.6.1.2).
 * Blanks are taken once on either side of a tag and never by two neighbours, who would try all ways to share them.
 */
const element = /[\t ]*(?:(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"[\t ]*)?(,|$)/y;

function entityTags(header: string, name: string): '*' | EntityTag[] {
  if (header.trim() === '*') return '*';
  const tags: EntityTag[] = [];
  element.lastIndex = 0;
  for (;;) {
    const found = element.exec(header);
    if (!found) throw malformed(name);
    const [, weak, value, comma] = found;
    if (value !== undefined) tags.push({ weak: weak !== undefined, value });
    if (comma === '') break;
  }
  if (tags.length === 0) throw malformed(name);
  return tags;
}

function malformed(name: string): ProblemError {
  return new ProblemError('malformed-request', { detail: `${name} is * or a list of entity tags like "7".` });
}
