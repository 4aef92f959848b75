// What each letter and page is given. Templates may name nothing else: openTemplates checks them against examples.ts.

import type { GoneCode } from '../core/signup-states.ts'

export type LetterList = {
  /** Says which list's own templates are used. */
  slug: string
  name: string
  organisation: string | null
  /** The list's own consent text; the visitor's is never shown. */
  consent: string | null
  privacyUrl: string | null
}

type NowAndBefore<N> = { now: N; before: N }
type ReportedKey = {
  /** A visitor's words, already made harmless; empty: none was given. */
  key: string
  letters: number
  hard: number
  rate: number
  rateOfOthers: number
  isNew: boolean
}

/** For the operator. Shares are from 0 to 1, days are YYYY-MM-DD. */
export type ReportLetterModel = {
  list: Omit<LetterList, 'slug'>
  kind: 'alarm' | 'day' | 'week'
  from: string
  to: string
  alarm: { rate: number; limit: number; letters: number; hard: number } | null
  letters: NowAndBefore<number>
  refused: NowAndBefore<number>
  hard: NowAndBefore<number>
  rate: NowAndBefore<number | null>
  categories: readonly (NowAndBefore<number> & { category: string })[]
  domains: readonly ReportedKey[]
  sources: readonly ReportedKey[]
  lists: readonly ReportedKey[]
  changes: readonly (NowAndBefore<number> & { what: string; direction: 'up' | 'down' })[]
  waves: readonly { kind: 'domain' | 'provider' | 'reputation'; subject: string; since: string }[]
}

/**
 * No address and nothing else that the visitor typed: a letter must not carry a stranger's words. The report goes to
 * the operator.
 */
export type LetterModels = {
  report: ReportLetterModel
  confirmation: {
    list: LetterList
    confirmUrl: string
    notMeUrl: string
    /** Life of the link in seconds; shown in words, rounded down. */
    confirmWithin: number
  }
  already: { list: LetterList; unsubscribeUrl: string }
}
export type LetterKind = keyof LetterModels
export type RenderedLetter = { subject: string; text: string; html: string }

export type PageList = LetterList
/** A form field carried along as a hidden input: locale, source, consent, attributes[name]. */
export type KeptField = { name: string; value: string }
export type FormError = {
  /** `invalid-email`, `domain-takes-no-mail`, `disposable-address`, `too-many`, …: see `error.` in pages.json. */
  code: string
  /** The finer reason of the problem document, such as `missing-at`. */
  reason: string | null
  /** An address to take over with one click. */
  suggestion: string | null
}
export type Waiting = 'queued' | 'sent' | 'delayed' | 'undeliverable' | 'confirmed'

export type PageModels = {
  /** The page itself posts `list` and, where the list has one, its consent text. */
  form: {
    list: PageList
    action: string
    email: string
    error: FormError | null
    kept: readonly KeptField[]
    /** Of the live form. */
    script: string
    /** For the owner of a site; null: the page is not the owner's to read. */
    snippets: {
      html: string
      react: string
      script: string
      /** Sites that may use the form, as the list says or, of scripts and frames, the service; null: any. */
      allowed: { sites: readonly string[]; isOfList: boolean } | null
    } | null
  }
  suggestion: {
    list: PageList
    action: string
    typed: string
    suggestion: string
    kept: readonly KeptField[]
    script: string
  }
  /** Comes where a form was posted without the proof of work that is asked for, and sends it again by itself. */
  proof: {
    list: PageList
    action: string
    kept: readonly KeptField[]
    /** JSON; null: a proof was no good, and a person should say that it is to be tried again. */
    challenge: string | null
    script: string
  }
  waiting: {
    list: PageList
    state: Waiting
    email: string | null
    /** Category of failure. */
    reason: string | null
    suggestion: string | null
    /** Back to the form. */
    formUrl: string
    /** Where the suggestion is posted to. */
    action: string
    /** Seconds until the page asks again; null when the state is final. */
    refresh: number | null
    /** What the live page is given; `base` ends with a slash. */
    live: { script: string; base: string; handle: string }
  }
  /** `script`: submits on evidence of a person; null: the button alone does. */
  confirm: { list: PageList; email: string; action: string; script: string | null }
  confirmed: { list: PageList; email: string; already: boolean }
  gone: {
    code: GoneCode
    list: PageList | null
    renewAction: string | null
    /** Takes «not me» back. */
    undoAction: string | null
    formUrl: string | null
  }
  unsubscribe: { list: PageList; email: string; action: string }
  unsubscribed: { list: PageList; email: string; formUrl: string | null }
  'not-me': { list: PageList; email: string; action: string }
  'not-me-done': { list: PageList; email: string; undoAction: string | null }
  'not-me-undone': { list: PageList; email: string; formUrl: string | null }
  problem: {
    status: number
    /** The problem document's code, for finer words than the status has. */
    code: string | null
    /** The problem document's detail, in English; shown small. */
    detail: string | null
    /** The same page again, where that may help. */
    retryUrl: string | null
    /** Where the visitor came from. */
    backUrl: string | null
  }
  home: { publicUrl: string; devMailbox: boolean }
  'dev-mailbox': { letters: readonly DevLetterLine[]; script: string; homeUrl: string }
  'dev-letter': {
    to: string
    subject: string
    headers: readonly { name: string; value: string }[]
    text: string
    /** Where the HTML form is served from; shown in a frame that may do nothing but follow links in a new tab. */
    htmlSrc: string
    mailboxUrl: string
  }
}
export type PageName = keyof PageModels
export type DevLetterLine = { url: string; to: string; subject: string; at: string; state: string }
