// Models for the tests of letters and pages: the examples that the service checks its templates with, and variations.

import { letterExamples, pageExamples } from '../../src/templates/examples.ts'
import type { PageList, PageModels, PageName } from '../../src/templates/models.ts'

export const bareList: PageList = {
  slug: 'x',
  name: 'News',
  organisation: null,
  consent: null,
  privacyUrl: null,
}

/** The example with every string replaced, at any depth. */
export function withStrings<T extends object>(model: T, replace: (value: string, key: string) => string): T {
  const copy = structuredClone(model)
  const visit = (value: object): void => {
    for (const key of Object.keys(value)) {
      const member: unknown = Reflect.get(value, key)
      if (typeof member === 'string') Reflect.set(value, key, replace(member, key))
      else if (typeof member === 'object' && member !== null) visit(member)
    }
  }
  visit(copy)
  return copy
}

type Rendering = { [P in PageName]: readonly PageModels[P][] }

/** Every page in every state that words or structure depend on. */
export const pageStates: Rendering = {
  form: [
    pageExamples.form,
    { ...pageExamples.form, error: null },
    { ...pageExamples.form, list: bareList, email: '', kept: [], error: null },
    { ...pageExamples.form, error: { code: 'too-many', reason: null, suggestion: null } },
    { ...pageExamples.form, error: { code: 'never-heard-of', reason: 'nor-of-this', suggestion: null } },
  ],
  suggestion: [pageExamples.suggestion, { ...pageExamples.suggestion, list: bareList, kept: [] }],
  proof: [pageExamples.proof, { ...pageExamples.proof, challenge: null, list: bareList, kept: [] }],
  waiting: (['queued', 'sent', 'delayed', 'undeliverable', 'confirmed'] as const).flatMap((state) => [
    { ...pageExamples.waiting, state },
    {
      ...pageExamples.waiting,
      state,
      list: bareList,
      email: null,
      reason: null,
      suggestion: null,
      refresh: null,
    },
  ]),
  confirm: [pageExamples.confirm, { ...pageExamples.confirm, list: bareList }],
  confirmed: [pageExamples.confirmed, { ...pageExamples.confirmed, list: bareList, already: true }],
  gone: (['link-expired', 'address-invalid', 'declined', 'unsubscribed', 'replaced'] as const).flatMap(
    (code) => [
      { ...pageExamples.gone, code },
      { ...pageExamples.gone, code, renewAction: null },
      { ...pageExamples.gone, code, renewAction: null, undoAction: null },
      { code, list: null, renewAction: null, undoAction: null, formUrl: null },
    ],
  ),
  unsubscribe: [pageExamples.unsubscribe],
  unsubscribed: [pageExamples.unsubscribed, { ...pageExamples.unsubscribed, list: bareList, formUrl: null }],
  'not-me': [pageExamples['not-me']],
  'not-me-done': [pageExamples['not-me-done'], { ...pageExamples['not-me-done'], undoAction: null }],
  'not-me-undone': [pageExamples['not-me-undone'], { ...pageExamples['not-me-undone'], formUrl: null }],
  problem: [400, 404, 413, 415, 429, 500, 503].map((status) => ({
    status,
    code: status === 404 ? 'unknown-list' : null,
    detail: status === 503 ? null : 'What was wrong.',
    retryUrl: status === 500 ? '/forms/default' : null,
    backUrl: status === 413 ? null : 'https://example.com/',
  })),
  home: [pageExamples.home, { ...pageExamples.home, devMailbox: false }],
  'dev-mailbox': [pageExamples['dev-mailbox'], { ...pageExamples['dev-mailbox'], letters: [] }],
  'dev-letter': [pageExamples['dev-letter']],
}

export const letterStates = {
  confirmation: [letterExamples.confirmation, { ...letterExamples.confirmation, list: bareList }],
  already: [letterExamples.already, { ...letterExamples.already, list: bareList }],
}
