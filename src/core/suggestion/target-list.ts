import { BRANDS, SINGLE_DOMAINS } from './targets.ts'

export type Target = {
  domain: string
  /** The domain's part before `suffix`: gmail. */
  name: string
  /** What follows: com, co.uk. */
  suffix: string
  /** Log of the share of all mistyped addresses that mean this domain, in nats. */
  logShare: number
  homes: 'one' | 'many' | null
  /** Live endings that are typed for this one. */
  slips: readonly string[]
  /** Whether live endings other than its own may stand for it: one home, or slips. */
  wanders: boolean
  /** Which of a-z, 0-9, dot and hyphen occur: bits, for a quick look. */
  letters: number
}

/** Built once from the table; about 400 entries. */
export const TARGETS: readonly Target[] = buildTargets()

export const TARGET_DOMAINS: ReadonlySet<string> = new Set(TARGETS.map((target) => target.domain))

export const TARGET_NAMES: ReadonlySet<string> = new Set(TARGETS.map((target) => target.name))

/** For gmailcom and g.mail.com. The small ones are left out: e.mail.com need not be email.com. */
export const TARGETS_WITHOUT_DOTS: ReadonlyMap<string, string> = new Map(
  TARGETS.filter((target) => target.logShare > Math.log(0.001) && target.domain.length > 6).map((target) => [
    target.domain.replaceAll('.', ''),
    target.domain,
  ]),
)

function buildTargets(): Target[] {
  const targets = new Map<string, Target>()
  for (const brand of BRANDS) {
    for (const [suffix, share] of pairs(brand.domains)) {
      const domain = `${brand.name}.${suffix}`
      targets.set(domain, target(domain, brand, share))
    }
  }
  for (const [domain, share] of SINGLE_DOMAINS.flatMap(pairs)) {
    const name = domain.slice(0, domain.indexOf('.'))
    if (!targets.has(domain)) targets.set(domain, target(domain, { name, homes: null }, share))
  }
  return [...targets.values()]
}

function pairs(line: string): [string, number][] {
  const words = line.split(' ')
  return words.flatMap((word, i) =>
    i % 2 === 0 ? [[word, Number(words[i + 1])] satisfies [string, number]] : [],
  )
}

type Owner = { name: string; homes: Target['homes']; slips?: string }

function target(domain: string, owner: Owner, share: number): Target {
  const { name, homes } = owner
  const suffix = domain.slice(name.length + 1)
  const slips = suffix === 'com' && owner.slips !== undefined ? owner.slips.split(' ') : []
  const wanders = homes === 'one' || slips.length > 0
  return {
    wanders,
    domain,
    name,
    suffix,
    logShare: Math.log(share / 1000),
    homes,
    slips,
    letters: lettersOf(domain),
  }
}

/** One bit for each letter; digits share four, dot and hyphen have none. */
export function lettersOf(text: string): number {
  let bits = 0
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code >= 97 && code <= 122) bits |= 1 << (code - 97)
    else if (code >= 48 && code <= 57) bits |= 1 << (26 + (code & 3))
  }
  return bits
}
