// Who may sign up just now: whether a proof of work is asked for, whether the one that came is good, and the minimum
// time. Nothing here knows the address, so the answer cannot depend on it.
import type { ProofOfWork } from '../config.ts'
import type { KeyRing } from '../core/keys.ts'
import {
  type Challenge,
  type CheckedProof,
  challengeLifeMs,
  checkProof,
  makeChallenge,
} from '../core/proof-of-work.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Db } from '../store/open-database.ts'
import type { SignupOutcome } from '../store/record-signups.ts'
import { spendProof } from '../store/spent-proofs.ts'
import { openInsistentClients } from './insistent-clients.ts'
import { openMinimumTime } from './minimum-time.ts'
import { isOutside } from './network-of.ts'
import { openSignupBurst } from './signup-burst.ts'
import { TooManyWaiting } from './signup-groups.ts'

type Rate = { readonly count: number; readonly seconds: number }

type Client = {
  readonly address: string | null
  readonly key: string | null
  readonly wideKey: string | null
}

/** As they were sent. */
export type BroughtAlong = {
  /** A proof of work. */
  readonly proof?: string | null
  /** When the form was given out. */
  readonly shown?: string | null
}

export type ProofAsked = {
  readonly kind: 'proof-of-work'
  readonly reason: 'missing' | 'too-early' | 'expired' | 'spent' | 'invalid'
  readonly challenge: Challenge
  /** Milliseconds until the proof that came would count; null: another is needed. */
  readonly waitMs: number | null
}

export type Admission = {
  /** Null: let it in. Throws TooManyWaiting where more wait, or more proofs come, than can be remembered. */
  admit(input: BroughtAlong & { readonly client: Client }): Promise<ProofAsked | null>
  /**
   * Until when SIGNUPS_PER_CLIENT refuses the client whatever it sends, as far as this process knows, which costs no
   * statement; null where it does not.
   */
  limitedUntil(client: Client): Date | null
  /** What became of a signup that was let in. */
  seen(client: Client, outcome: SignupOutcome): void
  /** Null: no proof is ever asked for. */
  challenge(): Promise<Challenge | null>
  stamp(): string
  /** Tells the end of a burst in time, however quiet it is. */
  look(): void
}

type Deps = {
  readonly db: Db
  readonly ring: KeyRing
  /** Where nobody is limited, only a burst that is named counts. */
  readonly rules: { readonly limits: { readonly perClient: Rate | null } }
  readonly now: () => Date
  readonly metrics: Metrics
  readonly log: Log
  readonly mostSpent?: number
}

/** One client alone, within what it may do, is no burst. */
const usualBurst = (perClient: Rate): Rate => ({ count: Math.max(1_000, perClient.count), seconds: 60 })
/** Proofs within the life of a challenge that one process writes down: some 20 MB. */
const usualMostSpent = 200_000

export function openAdmission(mode: ProofOfWork, deps: Deps): Admission {
  const { db, ring, rules, now, metrics, log, mostSpent = usualMostSpent } = deps
  const minimumTime = openMinimumTime(deps)
  const insistent = openInsistentClients(now)
  const { perClient } = rules.limits
  const usual = perClient === null ? null : usualBurst(perClient)
  const rate = mode.kind === 'auto' ? (mode.burst ?? usual) : null
  const burst = rate === null ? null : openSignupBurst({ rate, now, turned })
  // A rate that nobody named is for the world's visitors: a private network is one's own, or a proxy's.
  const isOfBurst = ({ address }: Client) =>
    (mode.kind === 'auto' && mode.burst !== null) || (address !== null && isOutside(address))
  let spentIn = 0
  let spent = 0

  function turned(isOn: boolean, signups: number): void {
    metrics.signupBurst(isOn)
    if (isOn) log.warn('signup-burst', { signups, seconds: rate?.seconds })
    else log.info('signup-burst-over', { signups, seconds: rate?.seconds })
  }

  function isAsked(client: Client): boolean {
    if (mode.kind === 'off') return false
    // The limit refuses it whatever it brings, and says until when.
    if (insistent.limitedUntil(client) !== null) return false
    return mode.kind === 'on' || insistent.has(client) || ((burst?.isOn() ?? false) && isOfBurst(client))
  }

  async function ask(reason: ProofAsked['reason'], checked: CheckedProof | null = null): Promise<ProofAsked> {
    metrics.proof(reason)
    metrics.signup('proof-of-work')
    const isEarly = checked?.kind === 'too-early'
    const challenge = isEarly ? checked.challenge : await makeChallenge(ring.current, now())
    return { kind: 'proof-of-work', reason, challenge, waitMs: isEarly ? checked.waitMs : null }
  }

  async function spend(proof: Extract<CheckedProof, { kind: 'proven' }>): Promise<boolean> {
    const window = Math.floor(now().getTime() / challengeLifeMs)
    if (window !== spentIn) spent = 0
    spentIn = window
    if (spent >= mostSpent) throw new TooManyWaiting('too many proofs were used')
    const isFirst = await spendProof(db, proof, now())
    if (isFirst) spent += 1
    return isFirst
  }

  return {
    async admit({ client, proof = null, shown = null }) {
      if (!isAsked(client)) {
        await minimumTime.passed(shown)
        return null
      }
      if (proof === null || proof === '') {
        if (isOfBurst(client) && burst?.isOn()) burst.count()
        return ask('missing')
      }
      const checked = await checkProof(ring, proof, now())
      if (checked.kind !== 'proven') return ask(checked.kind, checked)
      await minimumTime.passed(shown)
      if (!(await spend(checked))) return ask('spent')
      metrics.proof('taken')
      return null
    },
    limitedUntil: insistent.limitedUntil,
    seen(client, outcome) {
      if (outcome.kind === 'too-many') insistent.refused(client, outcome.until)
      // While a burst lasts, those that are asked were counted already.
      else if (outcome.kind !== 'ignored' && burst?.isOn() === false && isOfBurst(client)) burst.count()
    },
    challenge: async () => (mode.kind === 'off' ? null : makeChallenge(ring.current, now())),
    stamp: minimumTime.stamp,
    look: () => void burst?.isOn(),
  }
}
