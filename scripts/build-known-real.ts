// Builds src/core/suggestion/known-names.json, the domains that are never questioned, out of the provider lists of the
// registry. Run it after an update of one of those packages, and read what it says it drops:
//   npm exec -- node --import ./require-node.mjs scripts/build-known-real.ts
import { readFileSync, writeFileSync } from 'node:fs'
import { TYPO_LIBRARIES } from '../bench/support/typo-libraries.ts'
import { readDomainName } from '../src/core/address/domain-name.ts'
import { costOf } from '../src/core/suggestion/channel.ts'
import { endingOf } from '../src/core/suggestion/ending.ts'
import { TARGET_DOMAINS, TARGETS, type Target } from '../src/core/suggestion/target-list.ts'
import { makeSuggester } from '../src/core/suggestion.ts'
import { READ_AS_REAL, READ_AS_TYPO } from './reviewed-names.ts'

/** In nats: a single common slip. What is further away was hardly registered for its visitors' typos. */
const CLOSE = 6
/** Share of a target that is worth squatting beside: one in a thousand addresses. */
const LARGE = Math.log(0.001)
/** So many of the typo libraries make several. */
const SEVERAL = 2

const sources = {
  'email-providers': readList('email-providers', 'all.json'),
  'free-email-domains': readList('free-email-domains', 'domains.json'),
}
const ranked = new Set(readList('email-providers', 'common.json'))
const suggester = makeSuggester({ known: new Set() })
const targets = new Map(TARGETS.map((target) => [target.domain, target]))

function readList(name: string, file: string): string[] {
  return JSON.parse(readFileSync(packageFile(name, file), 'utf8'))
}

function packageFile(name: string, file: string): URL {
  return new URL(`../node_modules/${name}/${file}`, import.meta.url)
}

/** The registrable domain, which answers for all below it; null for what is no domain name. */
function registrable(name: string): string | null {
  const reading = readDomainName(name.trim())
  return reading.kind === 'domain' ? endingOf(reading.ascii).registrable : null
}

function build(): { kept: string[]; dropped: string[] } {
  const lists = Object.values(sources).map(
    (names) => new Set(names.flatMap((name) => registrable(name) ?? [])),
  )
  const kept = new Set<string>(READ_AS_REAL)
  const dropped: string[] = []
  for (const domain of new Set(lists.flatMap((names) => [...names]))) {
    if (TARGET_DOMAINS.has(domain) || kept.has(domain)) continue
    const inLists = lists.filter((names) => names.has(domain)).length
    const why = whyTypo(domain, inLists)
    if (why !== null) dropped.push(`${domain}: ${why}`)
    else if (inLists > 1 || ranked.has(domain) || isNearTarget(domain)) kept.add(domain)
  }
  return { kept: [...kept].toSorted(), dropped }
}

/** What one list alone names is worth its place only where it could ever be questioned. */
function isNearTarget(domain: string): boolean {
  return suggester.suggestDomain(domain) !== null || suggester.nearestTarget(domain) !== null
}

/** Provider lists hold typos that somebody squats: gmial.com takes mail, and is still meant by nobody. */
function whyTypo(domain: string, inLists: number): string | null {
  if (READ_AS_TYPO.has(domain)) return 'a typo, as read by eye'
  const meant = targets.get(suggester.suggestDomain(domain) ?? '')
  if (meant === undefined) return null
  const ending = endingOf(domain)
  if (ending.name === meant.name) return `${meant.domain} under another ending`
  if (!isClose(domain, meant)) return null
  const votes = votesFor(domain, meant.domain)
  const isBacked = ranked.has(domain) || (inLists > 1 && votes < SEVERAL)
  return isBacked ? null : `close to ${meant.domain}, in ${inLists} lists, ${votes} libraries agree`
}

function isClose(domain: string, meant: Target): boolean {
  return meant.logShare >= LARGE && costOf(domain, meant.domain, meant.name.length + 1, CLOSE) <= CLOSE
}

/** Two sets of one library have one vote. */
function votesFor(domain: string, meant: string): number {
  const agreeing = TYPO_LIBRARIES.filter(([, suggest]) => suggest(domain) === meant)
  return new Set(agreeing.map(([name]) => name.split(/[ ,]/)[0])).size
}

function fileOf(domains: readonly string[], date: string): string {
  const byEnding = Map.groupBy(domains, (domain) => endingOf(domain).suffix)
  const names = [...byEnding].map(([suffix, group]): [string, string] => [
    suffix,
    group.map((domain) => domain.slice(0, -suffix.length - 1)).join(' '),
  ])
  const content = {
    what: 'Real mail domains by ending, made by scripts/build-known-real.ts; not to be edited by hand',
    date,
    from: Object.keys(sources).map(versionOf),
    count: domains.length,
    names: Object.fromEntries(names.toSorted(([a], [b]) => (a < b ? -1 : 1))),
  }
  return `${JSON.stringify(content, null, 2)}\n`
}

function versionOf(name: string): string {
  const { version } = JSON.parse(readFileSync(packageFile(name, 'package.json'), 'utf8'))
  return `${name} ${version}`
}

const { kept, dropped } = build()
const file = new URL('../src/core/suggestion/known-names.json', import.meta.url)
writeFileSync(file, fileOf(kept, new Date().toISOString().slice(0, 10)))
console.error(dropped.toSorted().join('\n'))
console.error(`${kept.length} names kept, ${dropped.length} dropped: ${file.pathname}`)
