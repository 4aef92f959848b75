import { countryOfEnding } from './home-country.ts'
import { BRANDS, REGIONS } from './targets.ts'

export type Target = {
  readonly domain: string
  /** The domain's part before `suffix`: gmail. */
  readonly name: string
  /** What follows: com, co.uk. */
  readonly suffix: string
  /** Log of the share of all mistyped addresses that mean this domain, in nats. */
  readonly logShare: number
  readonly homes: 'one' | 'many' | null
  /** Live endings that are typed for this one. */
  readonly slips: readonly string[]
  /** Whether live endings other than its own may stand for it: one home, or slips. */
  readonly wanders: boolean
  /** Which of a-z and 0-9 occur in the domain and in its name: bits, for a quick look. */
  readonly letters: number
  readonly lettersOfName: number
  /** Where its people live; null for those of all the world. */
  readonly country: string | null
}

type Origin = { name: string; suffix: string; share: number } & Partial<
  Pick<Target, 'homes' | 'slips' | 'country'>
>

/** `share` in per mille. */
export function makeTarget(origin: Origin): Target {
  const { name, suffix, share, homes = null, slips = [], country = null } = origin
  const domain = `${name}.${suffix}`
  return {
    domain,
    name,
    suffix,
    logShare: Math.log(share / 1000),
    homes,
    slips,
    wanders: homes === 'one' || slips.length > 0,
    letters: lettersOf(domain),
    lettersOfName: lettersOf(name),
    country: countryOfEnding(suffix) ?? country,
  }
}

/** Built once from the table; about 450 entries. */
export const TARGETS: readonly Target[] = readTable()

export const TARGET_DOMAINS: ReadonlySet<string> = new Set(TARGETS.map((target) => target.domain))

function readTable(): Target[] {
  const targets = new Map<string, Target>()
  for (const { name, homes, slips = '', home = null, domains } of BRANDS) {
    for (const [suffix, share] of pairs(domains)) {
      const target = { name, suffix, share, homes, country: home }
      const ofCom = suffix === 'com' && slips !== '' ? { slips: slips.split(' ') } : {}
      targets.set(`${name}.${suffix}`, makeTarget({ ...target, ...ofCom }))
    }
  }
  for (const { home, domains } of REGIONS) {
    for (const [domain, share] of domains.flatMap(pairs)) {
      const dot = domain.indexOf('.')
      const [name, suffix] = [domain.slice(0, dot), domain.slice(dot + 1)]
      if (!targets.has(domain)) targets.set(domain, makeTarget({ name, suffix, share, country: home }))
    }
  }
  return [...targets.values()]
}

function pairs(line: string): [string, number][] {
  const words = line.split(' ')
  return words.flatMap((word, i) =>
    i % 2 === 0 ? [[word, Number(words[i + 1])] satisfies [string, number]] : [],
  )
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
