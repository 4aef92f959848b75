// Domains of a long list, asked of the DNS one name once and so many a second: somebody else's resolver answers them.

import { isDead } from '../../flows/examine-address.ts'
import type { MailDomains } from '../../flows/mail-domains.ts'

type Address = { readonly local: string; readonly domain: string }

const mostRemembered = 200_000
const mostUnderWay = 20

export type Asking = {
  /** Those of the domains that take no mail. */
  deadAmong(addresses: readonly Address[]): Promise<ReadonlySet<string>>
}

export function askPolitely(mailDomains: MailDomains, perSecond: number): Asking {
  const known = new Map<string, boolean>()
  let next = 0

  async function turn(): Promise<void> {
    const now = performance.now()
    next = Math.max(now, next + 1000 / perSecond)
    const wait = next - now
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
  }

  async function ask(address: Address): Promise<void> {
    await turn()
    if (known.size >= mostRemembered) known.clear()
    known.set(address.domain, await isDead({ mailDomains }, address))
  }

  return {
    async deadAmong(addresses) {
      const byDomain = new Map(addresses.map((address) => [address.domain, address]))
      const dead = new Set<string>()
      const queue = [...byDomain.values()].filter(({ domain }) => !known.has(domain))
      const answers = new Map([...byDomain.keys()].map((domain) => [domain, known.get(domain)]))
      const worker = async () => {
        for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
          await ask(one)
          answers.set(one.domain, known.get(one.domain))
        }
      }
      await Promise.all(Array.from({ length: mostUnderWay }, worker))
      for (const [domain, isDeadDomain] of answers) if (isDeadDomain === true) dead.add(domain)
      return dead
    },
  }
}
