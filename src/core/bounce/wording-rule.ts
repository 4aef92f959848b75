import type { Category } from './category.ts'
import type { Stage } from './smtp-reply.ts'

/** One wording and what it means. Patterns see lower-case words on one line, without addresses and links. */
export type WordingRule = {
  name: string
  category: Category
  pattern: RegExp
  /** The source of the rule, or the reason for it. */
  why: string
  /** Words beside which the rule does not hold. */
  unless?: RegExp
  /** Look at the links of the reply instead of its words. */
  in?: 'links'
  stage?: Stage
  /** The deciding enhanced code must be one of these. */
  status?: RegExp
  /**
   * What is said under class 4 is `temporary`, except: `reply`, this rule holds even where the reply itself is of
   * class 4; `field`, it holds where only the Status field of the report is.
   */
  underClass4?: 'reply' | 'field'
}
