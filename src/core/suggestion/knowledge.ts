import { readDomainName } from '../address/domain-name.ts'
import { endingOf } from './ending.ts'
import { KNOWN_REAL, type KnownDomains } from './known-real.ts'
import { makeTarget, TARGETS, type Target } from './target-list.ts'
import { indexTargets, type TargetIndex } from './targets-by-ending.ts'

export type Knowledge = {
  readonly targets: TargetIndex
  /** Never questioned, nor their sub-domains; asked in lower case ASCII. */
  isReal(domain: string): boolean
}

export type KnowledgeOptions = {
  /** The operator's own domains: meant more often than most, and real. What is no domain is passed over. */
  readonly extraTargets?: readonly string[]
  /** The installation's own proof, asked each time: true for a domain that is never to be questioned again. */
  readonly isProvenReal?: (domain: string) => boolean
  /** Instead of the known-real set that comes with Ayes. */
  readonly known?: KnownDomains
}

/** In per mille, like the share of a large provider: who asks at a company's form is often of the company. */
const SHARE_OF_EXTRA = 10

const INDEX = indexTargets(TARGETS)

export function makeKnowledge(options: KnowledgeOptions = {}): Knowledge {
  const { extraTargets = [], known = KNOWN_REAL, isProvenReal } = options
  const extra = extraTargets.flatMap(extraTarget)
  const own = new Set(extra.map(({ domain }) => endingOf(domain).registrable))
  const targets = extra.length === 0 ? INDEX : indexTargets(withExtra(extra))
  const isKnown =
    own.size === 0
      ? (domain: string) => known.has(domain)
      : (domain: string) => known.has(domain) || own.has(domain)
  return {
    targets,
    isReal: isProvenReal === undefined ? isKnown : (domain) => isKnown(domain) || isProvenReal(domain),
  }
}

function extraTarget(text: string): Target[] {
  const reading = readDomainName(text.trim())
  if (reading.kind === 'invalid') return []
  const { name, suffix } = endingOf(reading.ascii)
  return name === '' ? [] : [makeTarget({ name, suffix, share: SHARE_OF_EXTRA })]
}

/** A provider that is also the operator's own keeps what is known about it, and is meant no more seldom. */
function withExtra(extra: readonly Target[]): Target[] {
  const all = new Map(TARGETS.map((target) => [target.domain, target]))
  for (const target of extra) if (!all.has(target.domain)) all.set(target.domain, target)
  return [...all.values()]
}
