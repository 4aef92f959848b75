// A wave ends: by itself, by a trial letter that got through, or because the admin says so. What was held for it goes
// out, not all at once.
import { recordAct } from '../store/events.ts'
import { releaseHeld } from '../store/held-letters.ts'
import { tellLettersDue } from '../store/out-tray.ts'
import { endWave, findWave, type WaveEnd, type WaveRow } from '../store/waves.ts'
import type { Service } from './service.ts'

type Deps = Pick<Service, 'db' | 'log' | 'now'>

/** Their visitors wait: half an hour for however many. */
const releaseWithinSeconds = 30 * 60

export async function closeWave(deps: Deps, wave: WaveRow, why: WaveEnd): Promise<boolean> {
  const at = deps.now()
  if (!(await endWave(deps.db, wave.id, { at, why }))) return false
  const released = await letGo(deps, wave.id)
  deps.log.info('wave-over', { wave: wave.id, kind: wave.kind, subject: wave.subject, why, released })
  return true
}

export async function letGo(deps: Pick<Service, 'db' | 'now'>, waveId: string): Promise<number> {
  const released = await releaseHeld(deps.db, waveId, {
    now: deps.now(),
    withinSeconds: releaseWithinSeconds,
  })
  if (released > 0) await tellLettersDue(deps.db)
  return released
}

/** The admin ends it by hand. Of one that is not open nothing changes. False where there is none. */
export async function resumeWave(deps: Deps, id: string): Promise<boolean> {
  const wave = await findWave(deps.db, id)
  if (wave === null) return false
  if (await closeWave(deps, wave, 'resumed')) {
    await recordAct(deps.db, { type: 'wave-resumed', at: deps.now(), detail: { wave: id } })
  }
  return true
}
