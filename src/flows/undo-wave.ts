// A provider refused everybody by mistake: whoever the wave hit gets a fresh letter, one after the other. Signups that
// it made invalid come back as new ones; those that it left pending get one more letter. The asking is one statement,
// the work is done by the clock, a signup in a transaction: a crash in the middle loses nothing and repeats nothing.
import type { Alone } from '../store/alone.ts'
import { recordAct } from '../store/events.ts'
import { inTransaction } from '../store/open-database.ts'
import { findSignup } from '../store/signups.ts'
import {
  askUndo,
  countRefused,
  endUndo,
  lockUndo,
  nextRefused,
  noteFound,
  noteUndone,
  type Refused,
  undoneNotDone,
} from '../store/undo-waves.ts'
import { findWave, type WaveRow } from '../store/waves.ts'
import { type BringBackDeps, type BroughtBack, bringBack } from './bring-back.ts'
import { domainOf } from './domain-of.ts'
import { letGo } from './end-wave.ts'
import { listOf } from './lists.ts'
import type { Service } from './service.ts'

type Deps = BringBackDeps & Pick<Service, 'log' | 'tally'>

/** One letter a second: no provider that has just come back is stormed, and no visitor is waiting any more. */
const paceMs = 1_000
const atOnce = 100

/** False where there is no such wave. Asked twice, it is undone once. */
export async function undoWave(deps: Pick<Service, 'db' | 'log' | 'now'>, id: string): Promise<boolean> {
  const now = deps.now()
  const begun = await inTransaction(deps.db, async (trx) => {
    if (!(await askUndo(trx, id, now))) return null
    const wave = await findWave(trx, id)
    if (wave === null) return null
    const found = await countRefused(trx, wave)
    await noteFound(trx, id, found)
    await recordAct(trx, { type: 'wave-undone', at: now, detail: { wave: id, found } })
    return { kind: wave.kind, subject: wave.subject, found }
  })
  if (begun === null) return (await findWave(deps.db, id)) !== null
  await letGo(deps, id)
  deps.log.info('wave-undone', { wave: id, ...begun })
  return true
}

/** Goes on where it was left. Two processes do not do it twice: the second finds it busy. */
export async function continueUndoing(deps: Deps, alone: Alone): Promise<void> {
  if ((await undoneNotDone(deps.db)).length === 0) return
  await alone('undo-waves', async (lost) => {
    for (const wave of await undoneNotDone(deps.db)) {
      while (!lost.aborted && (await undoSome(deps, wave.id)));
    }
  })
}

/** False when there is nothing left to do, or somebody else is at it. */
async function undoSome(deps: Deps, id: string): Promise<boolean> {
  const wave = await findWave(deps.db, id)
  if (wave === null || wave.undo_done_at !== null) return false
  const some = await nextRefused(deps.db, wave, atOnce)
  for (const refused of some) {
    if (!(await undoOne(deps, id, refused))) return false
  }
  if (some.length === atOnce) return true
  await endUndo(deps.db, id, deps.now())
  const { undo_sent: sent = 0, undo_skipped: skipped = 0 } = (await findWave(deps.db, id)) ?? {}
  deps.log.info('wave-undoing-done', { wave: id, sent, skipped })
  return false
}

/** False where it is somebody else's turn. */
async function undoOne(deps: Deps, waveId: string, refused: Refused): Promise<boolean> {
  const signup = await findSignup(deps.db, refused.signupId)
  const list = signup === null ? null : await listOf(deps.lists, signup)
  const done = await inTransaction(deps.db, async (trx) => {
    const wave = await lockUndo(trx, waveId)
    if (wave === null || isPast(wave, refused)) return null
    const now = deps.now()
    const dueAt = new Date(Math.max(now.getTime(), wave.undo_due_at?.getTime() ?? 0))
    const brought: BroughtBack =
      list === null ? 'skipped' : await bringBack(trx, deps, { wave, refused, list, now, dueAt })
    const nextDueAt = brought === 'skipped' ? null : new Date(dueAt.getTime() + paceMs)
    await noteUndone(trx, wave, { refused, nextDueAt })
    return brought
  })
  if (done === 'anew' && signup !== null && list !== null) {
    const domain = domainOf(signup.email)
    deps.tally.count('brought-back', { list: list.slug, source: signup.source, domain })
  }
  return done !== null
}

function isPast(wave: WaveRow, refused: Refused): boolean {
  if (wave.undo_at === null || wave.undo_bounce === null) return false
  const [at, past] = [refused.at.getTime(), wave.undo_at.getTime()]
  return at < past || (at === past && refused.bounceId <= wave.undo_bounce)
}
