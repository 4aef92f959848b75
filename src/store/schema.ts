// The tables as Kysely sees them. The words are the trade's, the same in code, columns and API.
import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { SignupStatus } from '../core/signup-states.ts'

type Json = JSONColumnType<Record<string, unknown>> | null
/** xid8 and bigint come and go as text. */
type BigText = ColumnType<string, string | undefined, string>

/** What raised the alarm: distinct clients refused and letters accepted, then and before, and the usual share. */
export type WaveNumbers = {
  readonly clients: number
  readonly accepted: number
  readonly before: { readonly refused: number; readonly accepted: number }
  readonly usual: number
}

export type LetterKind = 'confirmation' | 'already'
export type LetterState = 'queued' | 'sent' | 'undeliverable' | 'dropped'
export type DepartureReason = 'unsubscribed' | 'complaint' | 'erased' | 'admin'

export type Schema = {
  installation: {
    one: Generated<boolean>
    address_key: Buffer
    epoch: Generated<string>
    made_at: Generated<Date>
  }
  lists: {
    id: Generated<number>
    slug: string
    name: string
    locale: string
    sender: string | null
    reply_to: string | null
    confirmed_url: string | null
    organisation: string | null
    privacy_url: string | null
    consent_version: Generated<number>
    suggest_domains: Generated<string[]>
    allowed_origins: string[] | null
    created_at: Generated<Date>
    updated_at: Generated<Date>
  }
  consents: { list_id: number; version: number; text: string; since: Generated<Date> }
  addresses: {
    hash: Buffer
    email: string | null
    seen_at: Date
    bounced_at: Date | null
    bounced_until: Date | null
    bounce_wait_seconds: number | null
    bounce_category: string | null
    bounce_status: string | null
    bounce_reply: string | null
    declined_at: Date | null
    declined_until: Date | null
    declined_why: 'not-me' | 'complaint' | null
  }
  mailboxes: {
    hash: Buffer
    recent: Date[]
    recent_lists: number[]
    granted: boolean
    /** one of its spellings is declined until then */
    declined_until: Date | null
    /** Which of its spellings are. */
    declined_hashes: Generated<Buffer[]>
  }
  /** they stand for nothing: written to where a signup is not */
  decoys: {
    n: number
    signup: string | null
    letter: string | null
    event: string | null
    address: string | null
    filler: string
  }
  clients: { key: string; since: Date; used_before: number; used: number }
  signups: {
    id: string
    list_id: number
    address_hash: Buffer
    email: string
    status: SignupStatus
    reason: string | null
    key_id: string
    locale: string
    source: string | null
    attributes: Json
    consent_version: number
    consent_as_posted: string | null
    signup_client: string | null
    confirm_client: string | null
    signed_up_at: Date
    expires_at: Date | null
    confirmed_at: Date | null
    confirmed_by: string | null
    confirmed_xid: BigText | null
    ended_at: Date | null
    declined_suggestion: Generated<string | null>
    disposable: Generated<boolean>
  }
  departures: {
    id: Generated<string>
    list_id: number
    signup_id: string
    address_hash: Buffer
    email: string
    left_at: Date
    why: DepartureReason
    left_xid: BigText
  }
  letters: {
    id: string
    signup_id: string
    kind: LetterKind
    state: Generated<LetterState>
    recipient: string
    locale: string
    key_id: string
    attempts: Generated<number>
    due_at: Date
    claim: string | null
    first_tried_at: Date | null
    created_at: Date
    sent_at: Date | null
    ended_at: Date | null
    reply: string | null
    status: string | null
    reason: string | null
    /** the wave of refusals that it waits for */
    held_by: Generated<string | null>
  }
  events: {
    signup_id: string
    id: Generated<string>
    letter_id: string | null
    type: string
    at: Date
    detail: Json
    client: string | null
    agent: string | null
  }
  bounces: {
    id: string
    received_at: Date
    door: string
    fingerprint: Buffer
    letter_id: string | null
    signup_id: string | null
    category: string | null
    status: string | null
    reply: string | null
    recipient: string | null
    rule: string | null
    forwarded: Generated<boolean>
    raw: Buffer | null
  }
  waves: {
    id: string
    kind: 'domain' | 'provider' | 'reputation'
    subject: string
    domains: string[]
    state: Generated<'open' | 'over' | 'undone'>
    began_at: Date
    noticed_at: Date
    ended_at: Date | null
    ended_why: 'fell-back' | 'trial' | 'resumed' | 'undone' | null
    numbers: JSONColumnType<WaveNumbers>
    trial_at: Date | null
    trial_letter: string | null
    undo_asked_at: Date | null
    undo_done_at: Date | null
    undo_found: Generated<number>
    undo_sent: Generated<number>
    undo_skipped: Generated<number>
    undo_at: Date | null
    undo_bounce: string | null
    undo_due_at: Date | null
  }
  proven_domains: { name: string; proven_at: Generated<Date> }
  domain_witnesses: { domain: Buffer; person: Buffer; network: Buffer | null; seen_at: Date }
  spent_proofs: { nonce: Buffer; expires_at: Date }
  webhook_tokens: { token: Buffer; content: Buffer; taken_at: Date }
  stats: { day: string; list: string; source: string; domain: string; metric: string; n: string }
  acts: { id: Generated<string>; at: Date; type: string; detail: Json }
  recent_counts: { at: Date; metric: string; n: BigText }
  bounce_alarm: { one: Generated<boolean>; since: Date | null }
  report_letters: {
    kind: 'alarm' | 'day' | 'week'
    first_day: string
    id: string
    state: Generated<'queued' | 'sent' | 'undeliverable' | 'dropped'>
    due_at: Date
    claim: string | null
    attempts: Generated<number>
    created_at: Date
    sent_at: Date | null
    reply: string | null
  }
  relay: {
    one: Generated<boolean>
    trouble_since: Date | null
    trouble: string | null
    seen_at: Date | null
    recovered_at: Date | null
  }
}
