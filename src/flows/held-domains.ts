// Whether letters to a domain are held (BOUNCE_GUARD=pause), for handles without a letter of their own: they keep a
// mark of the domain and wait as long as a letter would.
import { domainBytes } from '../core/handles.ts'
import { hashAddress } from '../core/hash-address.ts'
import { readWaves, type WaveRow } from '../store/waves.ts'
import type { Service } from './service.ts'

/** As long as a handle lives. */
const lookBackMs = 24 * 3_600_000

export function domainMark({ addressKey }: Pick<Service, 'addressKey'>, domain: string): Buffer {
  return hashAddress(addressKey, 'domain', domain).subarray(0, domainBytes)
}

type Deps = Pick<Service, 'db' | 'now' | 'rules' | 'addressKey'>

export type HeldDomains = {
  /**
   * Until when a letter to the domain was held that would have gone out at `usual`: null if it was not, `still` while
   * it is.
   */
  heldUntil(domain: Buffer, usual: Date): Date | 'still' | null
}

const nothingHeld: HeldDomains = { heldUntil: () => null }

export async function readHeldDomains(deps: Deps): Promise<HeldDomains> {
  if (!deps.rules.holdsLetters) return nothingHeld
  const waves = await readWaves(deps.db, new Date(deps.now().getTime() - lookBackMs))
  const isOf = (wave: WaveRow, domain: Buffer) =>
    wave.kind === 'reputation' || wave.domains.some((name) => domainMark(deps, name).equals(domain))
  return {
    heldUntil(domain, usual) {
      const mine = waves
        .filter((wave) => isOf(wave, domain))
        .toSorted((a, b) => +a.noticed_at - +b.noticed_at)
      let at = usual
      // what one wave lets go another may hold
      for (const { noticed_at: since, ended_at: end } of mine) {
        if (since > at || (end !== null && end <= at)) continue
        if (end === null) return 'still'
        at = end
      }
      return at === usual ? null : at
    },
  }
}
