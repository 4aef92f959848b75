// Waves of refusals as the admin sees them, with examples that are read when they are shown: so nothing of a person is
// kept with a wave.
import { readPageCursor, writePageCursor } from '../core/page-cursor.ts'
import { bytesToUuid, uuidToBytes } from '../core/tokens.ts'
import { countHeld } from '../store/held-letters.ts'
import { readExamples, type WaveExample } from '../store/outcomes.ts'
import { findWave, listWaves, type WaveRow } from '../store/waves.ts'
import { isSignupId } from './search-signups.ts'
import type { Service } from './service.ts'

export type { WaveExample } from '../store/outcomes.ts'

export type WaveView = {
  readonly wave: WaveRow
  /** letters that wait for it */
  readonly held: number
  readonly examples: readonly WaveExample[]
}

export type WavesPage =
  | { readonly kind: 'bad-cursor' }
  | { readonly kind: 'page'; readonly items: readonly WaveView[]; readonly next: string | null }

const mostExamples = 10

export async function showWaves(
  deps: Pick<Service, 'db'>,
  page: { limit: number; cursor: string | null; state: WaveRow['state'] | null },
): Promise<WavesPage> {
  const after = page.cursor === null ? null : readPageCursor(page.cursor, 16)
  if (page.cursor !== null && after === null) return { kind: 'bad-cursor' }
  const before = after === null ? null : bytesToUuid(after)
  const found = await listWaves(deps.db, { limit: page.limit + 1, before, state: page.state })
  const waves = found.slice(0, page.limit)
  const last = waves.at(-1)
  const next =
    found.length > waves.length && last !== undefined ? writePageCursor(uuidToBytes(last.id)) : null
  return { kind: 'page', items: await seen(deps, waves), next }
}

/** Null for whatever is no wave's id. */
export async function showWave(deps: Pick<Service, 'db'>, id: string): Promise<WaveView | null> {
  if (!isWaveId(id)) return null
  const wave = await findWave(deps.db, id)
  if (wave === null) return null
  const [view] = await seen(deps, [wave])
  return view ?? null
}

export const isWaveId = isSignupId

async function seen({ db }: Pick<Service, 'db'>, waves: readonly WaveRow[]): Promise<WaveView[]> {
  const held = await countHeld(
    db,
    waves.map((wave) => wave.id),
  )
  const views: WaveView[] = []
  for (const wave of waves) {
    const examples = await readExamples(db, wave, mostExamples)
    views.push({ wave, held: held.get(wave.id) ?? 0, examples })
  }
  return views
}
