// What is said of one address of a list.
import { readAddress } from '../../core/address.ts'
import type { Suggester } from '../../core/suggestion.ts'

export const columns = ['ayes_status', 'ayes_reason', 'ayes_suggestion'] as const

/**
 * `ok`; `suggestion`: it looks mistyped; `invalid`: no address can be read; `no-mail`: the DNS says that the domain
 * takes no mail. `reason` is that of the suggestion or of the error, as POST /signups names them.
 */
export type Judged = {
  readonly status: 'ok' | 'suggestion' | 'invalid' | 'no-mail'
  readonly reason: string
  readonly suggestion: string
  /** Whom to ask the DNS about; null where it would change nothing. */
  readonly address: { readonly local: string; readonly domain: string } | null
}

export function judgeAddress(cell: string, { suggest }: Pick<Suggester, 'suggest'>): Judged {
  const reading = readAddress(cell)
  if (reading.kind === 'invalid') {
    const { reason, suggestion } = reading
    return { status: 'invalid', reason, suggestion: suggestion?.email ?? '', address: null }
  }
  const { address } = reading
  const found = reading.question ?? suggest(address)
  return found === null
    ? { status: 'ok', reason: '', suggestion: '', address }
    : { status: 'suggestion', reason: found.reason, suggestion: found.email, address }
}
