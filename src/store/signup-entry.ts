// What the group statement is given for each signup, and what it says became of it.

export type SignupEntry = {
  readonly signupId: string
  readonly letterId: string
  readonly listId: number
  readonly consentVersion: number
  readonly addressHash: Buffer
  readonly mailboxHash: Buffer
  readonly email: string
  readonly locale: string
  readonly source: string | null
  readonly attributes: Readonly<Record<string, string>> | null
  readonly consentAsPosted: string | null
  readonly client: string | null
  /** The client's address and, for IPv6, its /48: null where clients are not counted. */
  readonly clientKey: string | null
  readonly clientWideKey: string | null
  readonly agent: string | null
  /** The honeypot was filled in: the client is counted and nothing else happens. */
  readonly ignored: boolean
  /** The domain that was suggested instead and declined; null: none was. */
  readonly declinedSuggestion: string | null
  readonly disposable: boolean
}

/**
 * Who asks for the letter. A visitor is held to every rule; a renewal needs no pause and ends a suppression after
 * a bounce, for who holds the link got the letter; what the admin asks for counts and is never refused.
 */
export type Asker = 'visitor' | 'renewal' | 'admin'

export type SignupLimits = {
  readonly perClient: { readonly count: number; readonly seconds: number } | null
  readonly perList: { readonly count: number; readonly seconds: number; readonly pauseSeconds: number } | null
  readonly perMailbox: { readonly count: number; readonly seconds: number } | null
}

/**
 * `stored`: a signup with its letter. `repeated`: a further letter about the open one; `already`: it is confirmed.
 * `limited` and `declined`: nothing stored, nothing sent. `bounced`: suppressed after a 5.1.1. `too-many`: the client.
 */
export type SignupOutcome =
  | { readonly kind: 'stored' | 'repeated' | 'already'; readonly signupId: string }
  | { readonly kind: 'limited' | 'declined' | 'bounced' | 'ignored' }
  | { readonly kind: 'too-many'; readonly until: Date }
