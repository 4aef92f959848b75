// What every part of the tour of all pages is given.
import type { BrowserContext, Page } from 'playwright-core'
import type { TestService } from './running-service.ts'

export type Tour = {
  readonly service: TestService
  /** The same with CONFIRM_BUTTON=always and PROOF_OF_WORK=on, over the same database. */
  readonly careful: TestService
  readonly context: BrowserContext
  readonly locale: string
  readonly slug: string
  /** One that looks like somebody's in a picture, and is new in this tour. */
  readonly newEmail: () => string
  /** `name` is a file name. */
  readonly look: (name: string, page: Page) => Promise<void>
}
