import { type Finding, findingsOf, type LookedUp, unanswered } from './finding.ts'

export type ReverseFacts = {
  readonly address: string
  /** PTR of the address */
  readonly names: LookedUp
  /** one of the names leads back to the address */
  readonly confirmed: boolean
}

const { ok, warning, cannotTell } = findingsOf('reverse-dns')
const check = 'reverse-dns'

/** Of the machine that hands letters to receivers itself: large ones refuse it without a name that leads back. */
export function judgeReverse(facts: readonly ReverseFacts[]): Finding[] {
  if (facts.length === 0) {
    return [
      cannotTell(
        check,
        'The relay is on this machine, and how the world sees its address cannot be told from here',
        'if it hands letters on directly, its address needs a name in the DNS (PTR) that leads back to it',
      ),
    ]
  }
  return facts.map(({ address, names, confirmed }) => {
    if (names.kind === 'no-answer')
      return unanswered('reverse-dns', check, `The name of ${address}`, names.why)
    if (names.kind === 'found' && confirmed)
      return ok(check, `${address} is ${names.records[0]}, which leads back to it`)
    const found =
      names.kind === 'found'
        ? `${address} is called ${names.records[0]}, which does not lead back to it`
        : `${address} has no name in the DNS (PTR)`
    return warning(
      check,
      `${found}: receivers refuse letters that come from it directly`,
      'have whoever gave you the address set its name (PTR), and give that name the address (A or AAAA)',
    )
  })
}
