// Nobody fills in a form within a second. Whoever posts one of ours sooner is not refused: the signup waits until the
// form is as old, which a person does not notice and a program that posts many does.
import type { KeyRing } from '../core/keys.ts'
import { minimumMs } from '../core/proof-of-work.ts'
import { makeShownStamp, readShownStamp } from '../core/shown-stamp.ts'
import type { Metrics } from '../metrics.ts'
import { TooManyWaiting } from './signup-groups.ts'

export type MinimumTime = {
  /** For the hidden field `shown` of a form that is given out now. */
  stamp(): string
  /** Resolves when a form with this stamp is old enough; at once without a genuine one. */
  passed(shown: string | null): Promise<void>
}

type Deps = {
  readonly ring: KeyRing
  readonly now: () => Date
  readonly metrics: Pick<Metrics, 'signupHeld'>
  readonly mostHeld?: number
  readonly wait?: (ms: number) => Promise<void>
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

export function openMinimumTime({ ring, now, metrics, mostHeld = 1_000, wait = sleep }: Deps): MinimumTime {
  let held = 0
  return {
    stamp: () => makeShownStamp(ring, now()),
    async passed(shown) {
      const shownAt = shown === null ? null : readShownStamp(ring, shown, now())
      if (shownAt === null) return
      // A stamp of another process, whose clock is ahead, waits no longer than the whole time.
      const left = Math.min(shownAt.getTime() + minimumMs - now().getTime(), minimumMs)
      if (left <= 0) return
      if (held >= mostHeld) throw new TooManyWaiting('too many signups are held')
      held += 1
      metrics.signupHeld()
      await wait(left).finally(() => held--)
    },
  }
}
