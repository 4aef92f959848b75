import type { Ending } from './ending.ts'
import type { Target } from './target-list.ts'

export type TargetIndex = {
  readonly domains: ReadonlySet<string>
  readonly names: ReadonlySet<string>
  /** By the domain without its dots, for gmailcom and g.mail.com. */
  readonly undotted: ReadonlyMap<string, string>
  /** The targets that a domain with this ending may stand for. */
  meantBy(ending: Ending): readonly Target[]
}

/** Live endings that are typed for .com and .net. */
const TYPED_FOR: Readonly<Record<string, readonly string[]>> = { com: ['co', 'cm', 'om'], net: ['ne', 'et'] }

/** The small ones have no undotted form: e.mail.com need not be email.com. */
const LARGE = Math.log(0.001)
const SHORT = 6

export function indexTargets(targets: readonly Target[]): TargetIndex {
  const wandering = targets.filter((target) => target.homes === 'one')
  const byEnding = new Map<string, Target[]>()
  for (const target of targets) {
    if (target.homes === 'one') continue
    for (const ending of endingsFor(target)) {
      const others = byEnding.get(ending)
      if (others === undefined) byEnding.set(ending, [...wandering, target])
      else others.push(target)
    }
  }
  return {
    domains: new Set(targets.map((target) => target.domain)),
    names: new Set(targets.map((target) => target.name)),
    undotted: new Map(
      targets
        .filter((target) => target.logShare > LARGE && target.domain.length > SHORT)
        .map((target) => [target.domain.replaceAll('.', ''), target.domain]),
    ),
    meantBy: (ending) => (ending.live ? (byEnding.get(ending.suffix) ?? wandering) : targets),
  }
}

/**
 * A live ending of an unknown name is never rewritten, apart from what is typed for .com and .net, from brands that
 * have one home, and from a part of an ending: yahoo.cm.br is in .br, as yahoo.com.br is.
 */
function endingsFor({ suffix, slips }: Target): Set<string> {
  const endings = new Set([suffix, ...slips, ...(TYPED_FOR[suffix] ?? [])])
  for (let dot = suffix.indexOf('.'); dot >= 0; dot = suffix.indexOf('.', dot + 1)) {
    endings.add(suffix.slice(dot + 1))
  }
  return endings
}
