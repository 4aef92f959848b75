import { describe, expect, test } from 'vitest'
import { readReport } from '../../../src/core/bounce/read-report.ts'
import { deliveryReport, letter, recipientFields, returnedHeaders } from './sample-reports.ts'

const box = (address: string, action: string, diagnostic: string, more = '') =>
  `Final-Recipient: rfc822; ${address}\n${more}Action: ${action}\nStatus: ${diagnostic.slice(4, 9)}\nDiagnostic-Code: smtp; ${diagnostic}`

describe('reports about more than one recipient', () => {
  test('the first that failed is the one, whatever the others say', async () => {
    const fields = [
      box('bob@example.org', 'delivered', '250 2.0.0 Ok'),
      box('cat@example.org', 'delayed', '451 4.2.0 greylisted'),
      box('ann@example.org', 'failed', '552 5.2.2 Mailbox full'),
      box('dan@example.org', 'failed', '550 5.1.1 User unknown'),
    ].join('\n\n')
    const prose = '<dan@example.org>: 550 5.1.1 User unknown'
    const report = await readReport(Buffer.from(deliveryReport({ prose, fields })))
    expect(report).toMatchObject({ recipient: 'ann@example.org', category: 'mailbox-full' })
  })

  test('all delayed is no bounce, all delivered neither', async () => {
    for (const action of ['delayed', 'delivered', 'relayed', 'expanded']) {
      const fields = [
        box('a@example.org', action, '451 4.2.0 x'),
        box('b@example.org', action, '451 4.2.0 x'),
      ]
      const report = await readReport(Buffer.from(deliveryReport({ fields: fields.join('\n\n') })))
      expect(report.isBounce).toBe(false)
    }
  })

  test('a dead target of a forward is told as such', async () => {
    const fields = box(
      'gone@target.example',
      'failed',
      '550 5.1.1 User unknown',
      'Original-Recipient: rfc822; ann@example.org\n',
    )
    expect(await readReport(Buffer.from(deliveryReport({ fields })))).toMatchObject({
      category: 'mailbox-does-not-exist',
      recipient: 'gone@target.example',
      originalRecipient: 'ann@example.org',
      forwarded: true,
    })
  })

  test.each([
    [
      'Sendmail',
      '   ----- The following addresses had permanent fatal errors -----\ngone@target.example\n    (reason: 550 5.1.1 User unknown)\n    (expanded from: <ann@example.org>)',
    ],
    [
      'Exim',
      'The following address(es) failed:\n\n  gone@target.example\n    (ultimately generated from ann@example.org)\n    550 5.1.1 User unknown',
    ],
    [
      'qmail',
      "I'm afraid I wasn't able to deliver your message to the following addresses.\n\n<gone@target.example>:\nRemote host said: 550 5.1.1 User unknown\n(originally addressed to ann@example.org)",
    ],
  ])('%s says in words where the forward began', async (_server, prose) => {
    const message = letter(
      'Undelivered mail',
      'MAILER-DAEMON@mx.example.net',
      `${prose}\n\n${returnedHeaders}`,
    )
    expect(await readReport(Buffer.from(message))).toMatchObject({
      category: 'mailbox-does-not-exist',
      originalRecipient: 'ann@example.org',
      forwarded: true,
    })
  })

  test('the same address in two spellings is no forward', async () => {
    const fields = recipientFields({ original: '<Ann@EXAMPLE.org>', diagnostic: '550 5.1.1 User unknown' })
    expect((await readReport(Buffer.from(deliveryReport({ fields })))).forwarded).toBe(false)
  })
})
