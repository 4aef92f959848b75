// One example of every model, with nothing left out: what a template names must stand here. openTemplates checks that
// at start, so an unknown variable is found before the first letter, and tests and screenshots show the same examples.

import type { LetterModels, PageList, PageModels } from './models.ts'

const list: PageList = {
  slug: 'default',
  name: 'The Weekly Harvest',
  organisation: 'Green Fields Cooperative',
  consent: 'I want the weekly letter about seasonal vegetables. I can leave at any time with one click.',
  privacyUrl: 'https://example.com/privacy',
}
const kept = [
  { name: 'locale', value: 'en' },
  { name: 'source', value: 'footer' },
  { name: 'attributes[first_name]', value: 'Jo' },
]
const base = 'https://ayes.example.com'
const token = 'k7f3q2mzt5xw4ahd6rcp3nbv2s'
const email = 'jo@gmail.com'

export const letterExamples: LetterModels = {
  confirmation: {
    list,
    confirmUrl: `${base}/confirm/${token}`,
    notMeUrl: `${base}/not-me/${token}`,
    confirmWithin: 7 * 86_400,
  },
  already: { list, unsubscribeUrl: `${base}/unsubscribe/${token}` },
  report: {
    list: { name: 'Ayes, ayes.example.com', organisation: null, consent: null, privacyUrl: null },
    kind: 'week',
    from: '2026-01-26',
    to: '2026-02-01',
    alarm: { rate: 0.0412, limit: 0.03, letters: 1_240, hard: 51 },
    letters: { now: 8_120, before: 7_904 },
    refused: { now: 61, before: 40 },
    hard: { now: 231, before: 142 },
    rate: { now: 0.0284, before: null },
    categories: [
      { category: 'mailbox-does-not-exist', now: 190, before: 101 },
      { category: 'domain-problem', now: 41, before: 41 },
    ],
    domains: [{ key: 'gmial.com', letters: 30, hard: 30, rate: 1, rateOfOthers: 0.025, isNew: true }],
    sources: [{ key: '', letters: 212, hard: 48, rate: 0.2264, rateOfOthers: 0.023, isNew: false }],
    lists: [{ key: 'shop', letters: 900, hard: 72, rate: 0.08, rateOfOthers: 0.022, isNew: true }],
    changes: [{ what: 'mailbox-does-not-exist', direction: 'up', now: 190, before: 101 }],
    waves: [{ kind: 'domain', subject: 'example.com', since: '2026-02-01T09:30:00.000Z' }],
  },
}

export const pageExamples: PageModels = {
  form: {
    list,
    action: '/signups',
    email: 'jo@',
    error: { code: 'invalid-email', reason: 'missing-domain', suggestion: email },
    kept,
    script: '/embed.js',
    snippets: {
      html: '<ayes-form>',
      react: '<ayes-form>',
      script: '/snippet.js',
      allowed: { sites: ['https://www.example.com', 'https://shop.example'], isOfList: true },
    },
  },
  suggestion: {
    list,
    action: '/signups',
    typed: 'jo@gmial.com',
    suggestion: email,
    kept,
    script: '/embed.js',
  },
  proof: { list, action: '/signups', kept, challenge: '{}', script: '/proof.js' },
  waiting: {
    list,
    state: 'undeliverable',
    email: 'jo@gmial.com',
    reason: 'mailbox-does-not-exist',
    suggestion: email,
    formUrl: '/forms/default',
    action: '/signups',
    refresh: 3,
    live: { script: '/embed.js', base: '/', handle: token },
  },
  confirm: { list, email, action: `/confirm/${token}`, script: '/link.js' },
  confirmed: { list, email, already: false },
  gone: {
    code: 'link-expired',
    list,
    renewAction: `/confirm/${token}/renew`,
    undoAction: `/not-me/${token}/undo`,
    formUrl: '/forms/default',
  },
  unsubscribe: { list, email, action: `/unsubscribe/${token}` },
  unsubscribed: { list, email, formUrl: '/forms/default' },
  'not-me': { list, email, action: `/not-me/${token}` },
  'not-me-done': { list, email, undoAction: `/not-me/${token}/undo` },
  'not-me-undone': { list, email, formUrl: '/forms/default' },
  problem: {
    status: 404,
    code: 'unknown-list',
    detail: 'There is no list with this slug.',
    retryUrl: '/forms/default',
    backUrl: 'https://example.com/',
  },
  home: { publicUrl: base, devMailbox: true },
  'dev-mailbox': {
    letters: [
      {
        url: '/dev/mailbox/1',
        to: email,
        subject: 'Please confirm: The Weekly Harvest',
        at: '2026-03-01T10:00:00Z',
        state: 'accepted',
      },
    ],
    script: '/dev/mailbox.js',
    homeUrl: '/',
  },
  'dev-letter': {
    to: email,
    subject: 'Please confirm: The Weekly Harvest',
    headers: [{ name: 'Message-ID', value: '<x@example.com>' }],
    text: 'Please confirm.',
    htmlSrc: '/dev/mailbox/1/html',
    mailboxUrl: '/dev/mailbox',
  },
}
