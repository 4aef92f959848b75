import type { Category } from '../category.ts'

/** What one event of a provider says about one recipient of one letter. */
export type ProviderEvent = {
  /** The provider's own id of this event, the same in every redelivery; with the recipient where one event has several. */
  readonly id: string
  /** Strings in which a return token of ours may stand: the value we gave along first, then what carries it by the way. */
  readonly named: readonly string[]
  readonly report: EventReport
}

export type EventReport = {
  isBounce: boolean
  /** Null where it is neither a bounce nor a complaint; a complaint is no bounce and has the category `complaint`. */
  category: Category | null
  status: string | null
  /** The reply that decided, on one line. */
  reply: string | null
  recipient: string | null
  /** The failure lies behind a forward or an alias. */
  forwarded: boolean
  rule: string
}
