// What there is to say of an address before anything is done with it: a question about a slip, or a refusal of its
// domain. POST /signups and GET /suggestions say the same.
import type { Address, AddressReading } from '../core/address.ts'
import { isDisposable } from '../core/disposable.ts'
import { TARGET_DOMAINS } from '../core/suggestion/target-list.ts'
import type { Asked, Suggester, Suggestion } from '../core/suggestion.ts'
import type { List } from './lists.ts'
import type { Service } from './service.ts'

export type Examined =
  /** `declined`: the suggestion that the visitor insists against */
  | { readonly kind: 'fine'; readonly declined: Suggestion | null; readonly disposable: boolean }
  | { readonly kind: 'did-you-mean'; readonly suggestion: Suggestion }
  | { readonly kind: 'disposable-address' }
  | { readonly kind: 'domain-takes-no-mail'; readonly suggestion: Suggestion | null }

export type Examination = {
  readonly address: Address
  readonly question: Extract<AddressReading, { kind: 'address' }>['question']
  readonly list: List | null
  /** The visitor's own language, or the list's (BCP 47). */
  readonly locale: string | null
  readonly asTyped: boolean
}

type Deps = Pick<Service, 'suggesters' | 'mailDomains' | 'rules'>

export async function examineAddress(deps: Deps, asked: Examination): Promise<Examined> {
  const { address, list, locale, asTyped } = asked
  const suggester = deps.suggesters.of(list)
  const suggestion = openQuestion(deps, asked) ?? suggester.suggest(address, { locale })
  if (suggestion !== null && !asTyped) return { kind: 'did-you-mean', suggestion }
  const disposable = !suggester.isOwn(address.domain) && isDisposable(address.domain)
  if (disposable && deps.rules.refuseDisposable) return { kind: 'disposable-address' }
  if (await isDead(deps, address)) {
    return { kind: 'domain-takes-no-mail', suggestion: insteadOf(suggester, address, { locale }) }
  }
  return { kind: 'fine', declined: suggestion, disposable }
}

/** A question of the address's form; none about a domain that is proven. */
function openQuestion(deps: Deps, { address, question }: Examination): Suggestion | null {
  const isAboutDomain = question !== null && question.domain !== address.domain
  return isAboutDomain && deps.suggesters.proven.has(address.domain) ? null : question
}

/** The large providers are not asked about: no answer of the DNS would change ours. */
export async function isDead(
  deps: Pick<Service, 'mailDomains'>,
  address: Pick<Address, 'local' | 'domain'>,
): Promise<boolean> {
  return !TARGET_DOMAINS.has(address.domain) && deps.mailDomains.takesNoMail(address)
}

/** What to write instead of an address whose domain takes no mail. */
export function insteadOf(
  suggester: Pick<Suggester, 'nearestTarget'>,
  address: Pick<Address, 'local' | 'domain'>,
  asked: Asked = {},
): Suggestion | null {
  const nearest = suggester.nearestTarget(address.domain, asked)
  if (nearest === null) return null
  return { email: `${address.local}@${nearest}`, domain: nearest, reason: 'domain-takes-no-mail' }
}
