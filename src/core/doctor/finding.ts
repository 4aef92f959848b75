/** `cannot-tell`: nothing is known to be wrong, and from here nobody can know that all is well. */
export type Result = 'ok' | 'warning' | 'wrong' | 'cannot-tell'

export type Finding = {
  readonly group: Group
  readonly check: string
  readonly result: Result
  /** One sentence: what was looked at and what was found. */
  readonly found: string
  /** What to do, a line of the DNS or a setting where it is one; null where nothing is to be done. */
  readonly mend: string | null
}

export type Group =
  | 'settings'
  | 'database'
  | 'web'
  | 'relay'
  | 'return-path'
  | 'sender'
  | 'spf'
  | 'dkim'
  | 'dmarc'
  | 'reverse-dns'
  | 'letter'

/** What was asked of the DNS, as the resolver answers. */
export type LookedUp<T = string> =
  | { readonly kind: 'found'; readonly records: readonly T[] }
  | { readonly kind: 'no-such-domain' | 'no-records' }
  | { readonly kind: 'no-answer'; readonly why: string }

/** The findings of one group, by their result. */
export function findingsOf(group: Group) {
  const make = (result: Result) => (check: string, found: string, mend: string) =>
    ({ group, check, result, found, mend }) satisfies Finding
  return {
    ok: (check: string, found: string): Finding => ({ group, check, result: 'ok', found, mend: null }),
    warning: make('warning'),
    wrong: make('wrong'),
    cannotTell: make('cannot-tell'),
  }
}

const resolverInTrouble = 'try again; DNS_SERVERS names other resolvers'

/** For a question that no server answered: nothing can be said, and nothing is wrong with the record. */
export function unanswered(group: Group, check: string, asked: string, why: string): Finding {
  return findingsOf(group).cannotTell(check, `${asked} could not be looked up: ${why}`, resolverInTrouble)
}
