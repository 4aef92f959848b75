// What the flows work with: made once by main, handed to every flow. A flow names the parts that it needs.
import type { Provider } from '../core/bounce/door.ts'
import type { KeyRing } from '../core/keys.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Notices } from '../store/notices.ts'
import type { Db } from '../store/open-database.ts'
import type { SignupLimits } from '../store/record-signups.ts'
import type { Templates } from '../templates.ts'
import type { Admission } from './admission.ts'
import type { LetterPace } from './letter-pace.ts'
import type { Links } from './links.ts'
import type { Lists } from './lists.ts'
import type { MailDomains } from './mail-domains.ts'
import type { SignupGroups } from './signup-groups.ts'
import type { Suggested } from './suggested.ts'
import type { Suggesters } from './suggesters.ts'
import type { Tally } from './tally.ts'

export type ReturnPath =
  | { readonly kind: 'plus'; readonly local: string; readonly domain: string }
  | { readonly kind: 'wildcard'; readonly domain: string }

export type Rules = {
  readonly limits: SignupLimits
  /** all in seconds */
  readonly confirmWithin: number
  readonly suppressFor: number
  readonly forgetAfter: number
  readonly keepIp: number
  readonly keepUnsubscribed: number
  readonly refuseDisposable: boolean
  /** from 0 to 1; null: no alarm */
  readonly bounceRateLimit: number | null
  readonly from: { readonly name: string; readonly address: string }
  /** null: the address of the From header */
  readonly returnPath: ReturnPath | null
  /** BOUNCE_GUARD=pause: letters to where a wave of refusals is under way wait */
  readonly holdsLetters: boolean
  /** providers that are to give back a letter's token in what they tell about it */
  readonly markedFor: readonly Provider[]
}

export type Service = {
  readonly db: Db
  readonly notices: Notices
  readonly ring: KeyRing
  readonly addressKey: Buffer
  readonly epoch: string
  readonly rules: Rules
  readonly links: Links
  readonly lists: Lists
  readonly admission: Admission
  readonly groups: SignupGroups
  readonly pace: LetterPace
  readonly tally: Tally
  readonly suggested: Suggested
  readonly suggesters: Suggesters
  readonly mailDomains: MailDomains
  readonly templates: Templates
  readonly log: Log
  readonly metrics: Metrics
  readonly now: () => Date
}
