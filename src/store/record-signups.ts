// Signups that arrive together are written together, by one statement: it counts the clients, decides suppression
// and limits on the newest version of the rows that it locks (inside ON CONFLICT, where a snapshot would let two
// groups both say yes), and writes signup, letter and event. Rows are locked in one order everywhere: client,
// address, mailbox, signup, letter, sorted by key. No mailbox may stand twice in one group.
import { randomInt } from 'node:crypto'
import { CompiledQuery } from 'kysely'
import type { Db } from './open-database.ts'
import type { Asker, SignupEntry, SignupLimits, SignupOutcome } from './signup-entry.ts'

export type * from './signup-entry.ts'

/** What a mailbox gets instead of LETTERS_PER_MAILBOX while one of its spellings is declined. */
const afterNotMe = 1

/**
 * No two of a group are the same row, and few of groups that are under way at once. How many stand for a signup that
 * is not written is measured: `npm run bench -- timing`.
 */
const decoys = 4_096

/** The /48 of an IPv6 client gets five times what one /64 gets. */
const wideFactor = 5

/** Counts signups under keys of one kind; a window that is over begins anew. Beyond `most` nothing is added. */
function countClients(wanted: string, most: string): string {
  return `
  insert into clients as c (key, since, used_before, used)
  select key, $17, 0, least(n, ${most}) from ${wanted} order by key
  on conflict (key) do update set
    since = case when c.since <= $17::timestamptz - $20::interval then excluded.since else c.since end,
    used_before = case when c.since <= $17::timestamptz - $20::interval then 0 else c.used end,
    used = case when c.since <= $17::timestamptz - $20::interval then excluded.used
      else least(c.used + (select n from ${wanted} w where w.key = excluded.key), greatest(c.used, ${most})) end
  returning key, since, used_before`
}

/**
 * The planner takes arrays of unknown length for ten rows each, and would compare every row with every other. A
 * series beside them says how long a full group is; the rows that it adds are dropped at once.
 */
const rowsPlannedFor = 128

const statement = `
with input as materialized (
  select t.*, row_number() over (partition by client_key order by ord) as client_rank
  from rows from (unnest($1::int[], $2::uuid[], $3::uuid[], $4::int[], $5::int[], $6::bytea[], $7::bytea[], $8::text[],
    $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $26::boolean[],
    $28::text[], $29::boolean[]),
    generate_series(1, ${rowsPlannedFor}))
  as t(ord, signup_id, letter_id, list_id, consent_version, address_hash, mailbox_hash, email,
    locale, source, attributes, consent_as_posted, client, client_key, client_wide, agent, ignored,
    declined_suggestion, disposable, planned_for)
  where ord is not null
), wanted as materialized (
  select client_key as key, count(*)::int as n from input where client_key is not null group by 1
), client as materialized (${countClients('wanted', '$19::int')}
), near as materialized (
  select i.*, c.since as client_since, c.key is null or c.used_before + i.client_rank <= $19 as within,
    row_number() over (partition by i.client_wide, c.key is null or c.used_before + i.client_rank <= $19
      order by i.ord) as wide_rank
  from input i left join client c on c.key = i.client_key
), wanted_wide as materialized (
  -- what one /64 asks for beyond its own limit does not use up its neighbours'
  select client_wide as key, count(*)::int as n from near where within and client_wide is not null group by 1
), wide as materialized (${countClients('wanted_wide', `$19::int * ${wideFactor}`)}
), counted as materialized (
  select i.*, i.within and (w.key is null or w.used_before + i.wide_rank <= $19 * ${wideFactor}) as admitted,
    case when i.within then w.since else i.client_since end + $20::interval as until
  from near i left join wide w on w.key = i.client_wide
), address as materialized (
  insert into addresses as a (hash, seen_at)
  select address_hash, $17 from counted where admitted and not ignored order by address_hash
  on conflict (hash) do update set seen_at = excluded.seen_at,
    bounced_at = case when $27::text <> 'renewal' then a.bounced_at end,
    bounced_until = case when $27::text <> 'renewal' then a.bounced_until end,
    bounce_category = case when $27::text <> 'renewal' then a.bounce_category end
  returning hash, $27 <> 'admin' and coalesce(bounced_until > $17, false) as bounced,
    coalesce(declined_until > $17, false) as declined
), box as materialized (
  -- also for whom no letter is: to leave it out would make the answer come sooner, and tell
  insert into mailboxes as m (hash, recent, recent_lists, granted)
  select mailbox_hash, case when open then array[$17::timestamptz] else '{}' end,
    case when open then array[list_id] else '{}' end, open
  from (
    select c.*, not (bounced or declined) as open from counted c join address on hash = address_hash
    where admitted and not ignored
  ) one order by mailbox_hash
  on conflict (hash) do update set (recent, recent_lists, granted) = (
    select
      case when granted then array_append(recent, $17::timestamptz) else recent end,
      case when granted then array_append(lists, list) else lists end,
      granted
    from (
      select coalesce(array_agg(at order by n), '{}') as recent, coalesce(array_agg(list_id order by n), '{}') as lists,
        excluded.recent_lists[1] as list,
        excluded.granted and ($27 = 'admin' or ($21::int is null or (
          count(*) filter (where list_id = excluded.recent_lists[1] and at > $17::timestamptz - $22::interval) < $21
          and ($27 = 'renewal' or coalesce(
            max(at) filter (where list_id = excluded.recent_lists[1]) <= $17::timestamptz - $23::interval, true))))
        and ($24::int is null or count(*) filter (where at > $17::timestamptz - $25::interval)
          < case when m.declined_until > $17 then ${afterNotMe} else $24 end)) as granted
      from unnest(m.recent, m.recent_lists) with ordinality as r(at, list_id, n)
      where at > $17::timestamptz - greatest($22::interval, $23::interval, $25::interval)
    ) decided
  )
  returning hash, granted
), granted as materialized (
  select i.* from counted i join address a on a.hash = i.address_hash join box b on b.hash = i.mailbox_hash
  where b.granted and i.admitted and not i.ignored and not a.bounced and not a.declined
), open as materialized (
  insert into signups as s (id, list_id, address_hash, email, status, key_id, locale, source, attributes,
    consent_version, consent_as_posted, signup_client, signed_up_at, declined_suggestion, disposable)
  select signup_id, list_id, address_hash, email, 'pending', $18, locale, source, attributes::jsonb,
    consent_version, consent_as_posted, client, $17, declined_suggestion, disposable
  from granted order by list_id, address_hash
  on conflict (list_id, address_hash) where status in ('pending', 'confirmed') do update set
    status = case when s.status = 'pending' and s.expires_at <= $17 then 'expired' else s.status end,
    ended_at = case when s.status = 'pending' and s.expires_at <= $17 then excluded.signed_up_at end
  returning id, list_id, address_hash, status
), anew as materialized (
  insert into signups (id, list_id, address_hash, email, status, key_id, locale, source, attributes,
    consent_version, consent_as_posted, signup_client, signed_up_at, declined_suggestion, disposable)
  select g.signup_id, g.list_id, g.address_hash, g.email, 'pending', $18, g.locale, g.source, g.attributes::jsonb,
    g.consent_version, g.consent_as_posted, g.client, $17, g.declined_suggestion, g.disposable
  from granted g where g.address_hash = any (array(select address_hash from open where status = 'expired'))
  returning id, list_id, address_hash, status
), written as materialized (
  select g.ord, s.id, s.status, s.id = g.signup_id as fresh, g.letter_id, g.email, g.locale, g.source,
    g.attributes, g.consent_as_posted, g.client, g.agent, g.declined_suggestion, g.disposable
  -- full, though each row has its partner: two sides of unknown size are then hashed, not compared each with each
  from granted g full join (select * from open where status <> 'expired' union all select * from anew) s
    on s.list_id = g.list_id and s.address_hash = g.address_hash
), letter as (
  insert into letters (id, signup_id, kind, recipient, locale, key_id, due_at, created_at)
  select letter_id, id, case when status = 'confirmed' then 'already' else 'confirmation' end,
    email, locale, $18, $17, $17
  from written
), event as (
  insert into events (signup_id, letter_id, type, at, detail, client, agent)
  select id, letter_id, case when $27 <> 'visitor' then 'letter-asked' when fresh then 'signed-up' else 'signed-up-again' end, $17,
    case when $27 <> 'visitor' then jsonb_build_object('by', $27::text)
      when not fresh then jsonb_strip_nulls(jsonb_build_object('email', email, 'source', source,
      'attributes', attributes::jsonb, 'consent_as_posted', consent_as_posted))
      when disposable or declined_suggestion is not null then jsonb_strip_nulls(jsonb_build_object(
      'disposable', nullif(disposable, false), 'declined_suggestion', declined_suggestion)) end, client, agent
  from written
  union all
  select id, null, 'expired', $17, null, null, null from open where status = 'expired'
), decoy as (
  -- for whom nothing is written, rows of nobody's are: as much work, so that the answer takes as long
  insert into decoys as d (n, signup, letter, event, address, filler)
  select ($30::int + ord * 16 + part) % ${decoys} as n, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
    gen_random_uuid(), repeat('.', 300)
  from counted c, generate_series(1, case when ignored then 10 else 6 end) part
  where admitted and not exists (select from written w where w.ord = c.ord) order by n
  on conflict (n) do update set signup = excluded.signup, letter = excluded.letter, event = excluded.event,
    address = excluded.address
)
select c.ord, c.admitted, c.until, c.ignored, a.bounced, a.declined, w.id, w.status, w.fresh,
  -- groups of visitors' signups tell when they are committed: a commit with a notice lets no other pass
  case when $27 <> 'visitor' and c.ord = 0 and exists (select from written) then pg_notify('ayes_due', '') end as told
from counted c
left join address a on a.hash = c.address_hash and c.admitted and not c.ignored
left join written w on w.ord = c.ord`

type Row = {
  ord: number
  admitted: boolean
  until: Date | null
  ignored: boolean
  bounced: boolean | null
  declined: boolean | null
  id: string | null
  status: string | null
  fresh: boolean | null
}

function outcome(row: Row, now: Date): SignupOutcome {
  if (!row.admitted) return { kind: 'too-many', until: row.until ?? now }
  if (row.ignored) return { kind: 'ignored' }
  if (row.declined === true) return { kind: 'declined' }
  if (row.bounced === true) return { kind: 'bounced' }
  if (row.id === null) return { kind: 'limited' }
  if (row.status === 'confirmed') return { kind: 'already', signupId: row.id }
  return { kind: row.fresh === true ? 'stored' : 'repeated', signupId: row.id }
}

/** An array as PostgreSQL reads it. The driver would look through each value for what must be escaped: nothing here. */
const plainArray = (values: readonly (string | number | boolean)[]) => `{${values.join(',')}}`
const bytesInArray = (bytes: Buffer) => `"\\\\x${bytes.toString('hex')}"`

/** One statement, one round trip, one commit. Outcomes come in the order of the entries. */
export async function recordSignups(
  db: Db,
  group: {
    entries: readonly SignupEntry[]
    limits: SignupLimits
    asker: Asker
    keyId: string
    now: Date
  },
): Promise<SignupOutcome[]> {
  const { entries, limits, asker, keyId, now } = group
  const column = <T>(read: (entry: SignupEntry) => T): T[] => entries.map(read)
  const seconds = (n: number) => `${n} seconds`
  const values = [
    plainArray(entries.map((_, ord) => ord)),
    plainArray(column((e) => e.signupId)),
    plainArray(column((e) => e.letterId)),
    plainArray(column((e) => e.listId)),
    plainArray(column((e) => e.consentVersion)),
    plainArray(column((e) => bytesInArray(e.addressHash))),
    plainArray(column((e) => bytesInArray(e.mailboxHash))),
    column((e) => e.email),
    column((e) => e.locale),
    column((e) => e.source),
    column((e) => (e.attributes === null ? null : JSON.stringify(e.attributes))),
    column((e) => e.consentAsPosted),
    column((e) => e.client),
    column((e) => (limits.perClient === null ? null : e.clientKey)),
    column((e) => (limits.perClient === null ? null : e.clientWideKey)),
    column((e) => e.agent),
    now,
    keyId,
    limits.perClient?.count ?? 0,
    seconds(limits.perClient?.seconds ?? 0),
    limits.perList?.count ?? null,
    seconds(limits.perList?.seconds ?? 0),
    seconds(limits.perList?.pauseSeconds ?? 0),
    limits.perMailbox?.count ?? null,
    seconds(limits.perMailbox?.seconds ?? 0),
    plainArray(column((e) => e.ignored)),
    asker,
    column((e) => e.declinedSuggestion),
    plainArray(column((e) => e.disposable)),
    randomInt(decoys),
  ]
  const result = await db.executeQuery<Row>(CompiledQuery.raw(statement, values))
  const outcomes: SignupOutcome[] = []
  for (const row of result.rows) outcomes[row.ord] = outcome(row, now)
  return outcomes
}
