import { searchableText, type Database } from '@alva/database';
import { markBegin, markEnd, marksOf, type Mark } from './marks.ts';

export interface StoredPassage {
  readonly chunkId: string;
  readonly documentId: string;
  readonly title: string;
  readonly text: string;
  /** Words of the question in the text. */
  readonly marks: readonly Mark[];
  readonly section: number;
  readonly start: number;
  readonly end: number;
  readonly page: number | null;
  readonly heading: string[];
}

/** Words of a question that are looked for, in each language of the owner's passages. */
const mostWords = 24;
/** Of those, the rarest: passages are found by them. */
const tellingWords = 10;
/** Passages that are looked at for each word: one that is in more of them tells little. */
const mostWithWord = 1_000;
/** Milliseconds. Searches of the size above take a tenth of it: what takes longer, a busy database is spared. */
const patience = 500;

/**
 * $1 the question, $2 the owner. Its words by their stems, in each language that the owner has passages in, as what finds
 * them: whole (`exact`), at the beginning of a longer word (`loose`, for German puts words together), in a title. What says
 * nothing in a language is left out; "simple" knows no such words, so those of the others are left out there.
 */
const question = `
  word as materialized (
    select language, lexeme, place, whole::tsquery as exact, (whole || longer)::tsquery as loose, (whole || longer || 'A')::tsquery as titled
    from (values ('german', 'pg_catalog.german'::regconfig), ('english', 'pg_catalog.english'), ('simple', 'pg_catalog.simple'))
           as spoken (language, configuration),
         lateral (select lexeme, positions[1] as place from unnest(to_tsvector(configuration, ${searchableText('$1::text')}))
                  where language <> 'simple'
                     or (to_tsvector('pg_catalog.german', lexeme) <> '' and to_tsvector('pg_catalog.english', lexeme) <> '')
                  order by place limit ${mostWords}) as stem,
         lateral (select '''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || ''':' as whole,
                         case when length(lexeme) > 3 then '*' else '' end as longer) as spelling
    where exists (select from app.document_chunks chunk where user_id = $2 and chunk.language = spoken.language)
  ), question as materialized (
    select language, string_agg(loose::text, ' | ')::tsquery as any_word,
           websearch_to_tsquery(('pg_catalog.' || language)::regconfig, ${searchableText('$1::text')}) as all_words
    from word group by language
  )`;

/** Which passages have a word, from the index alone: weighing each of them would mean to unpack it. */
const having = (spelling: 'exact' | 'loose') => `
  select id from app.document_chunks chunk
  where user_id = $2 and chunk.language = word.language and search @@ ${spelling} limit ${mostWithWord}`;

/**
 * $3 how many. A passage is worth the more the rarer its words are among the owner's passages, less where a word of the
 * question only begins one of it. The best of them are worth more where the words are in a title, stand close together
 * (`ts_rank_cd`), or are all there as the question wants them.
 */
const findPassages = `
  with ${question}, counted as materialized (
    select word.*, found, row_number() over (partition by language order by cardinality(found), place) as rank,
           ln(1 + (select sum(chunks) from app.documents where user_id = $2)::float / cardinality(found)) as worth
    from word, lateral (select array_agg(id) as found from (${having('loose')}) as passage) as met where found is not null
  ), telling as materialized (
    select * from counted where rank <= ${tellingWords}
  ), hit as (
    select id, 0.6 * worth as score from telling, unnest(found) as id
    union all
    select id, 0.4 * worth as score from telling as word, lateral (${having('exact')}) as found
  ), best as materialized (
    select id, sum(score) as score from hit group by id order by score desc, id limit 100
  ), ranked as materialized (
    select id, any_word,
           (score + (select coalesce(sum(worth) / 2, 0) from telling where telling.language = chunk.language and search @@ titled))
             * (1 + ts_rank_cd(search, any_word, 32)) * case when search @@ all_words then 1.25 else 1 end as score
    from best join app.document_chunks chunk using (id) join question using (language)
    order by score desc, id limit $3
  )
  select chunk.id as "chunkId", document.id as "documentId", document.name as title, chunk.text,
         chunk.section, chunk.starts_at as "start", chunk.ends_at as "end", section.page, section.heading,
         ts_headline(('pg_catalog.' || chunk.language)::regconfig, ${searchableText('chunk.text')}, any_word,
                     'HighlightAll=true, StartSel=${markBegin}, StopSel=${markEnd}') as marked
  from ranked join app.document_chunks chunk using (id)
  join app.documents document on document.id = chunk.document_id
  join app.document_sections section on section.document_id = document.id and section.position = chunk.section
  order by ranked.score desc, ranked.id`;

type Row = Omit<StoredPassage, 'marks'> & { readonly marked: string };

/** A search was given up; the database is there. */
export class SearchTooSlow extends Error {
  override readonly name = 'SearchTooSlow';
}

export function createPassagesStore({ transaction }: Pick<Database, 'transaction'>) {
  return {
    /** What of the owner's documents has to do with a question, best first. Throws SearchTooSlow. */
    async find(userId: string, question: string, most: number): Promise<StoredPassage[]> {
      const rows = await transaction(async (run) => {
        await run(`set local statement_timeout = ${patience}`);
        return run<Row>(findPassages, [question, userId, most]).catch(tellOfSlowness);
      });
      return rows.map(({ marked, ...passage }) => ({ ...passage, marks: marksOf(marked, passage.text) }));
    },
  };
}
export type PassagesStore = ReturnType<typeof createPassagesStore>;

function tellOfSlowness(error: unknown): never {
  const withdrawn = error instanceof Error && 'code' in error && error.code === '57014';
  throw withdrawn ? new SearchTooSlow(`A search took more than ${patience} ms`, { cause: error }) : error;
}
