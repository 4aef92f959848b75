// Exim's Final-Recipient is the address that it was given; which one behind a forward failed stands beside it.
import { expect, test } from 'vitest'
import { readReport } from '../../../src/core/bounce/read-report.ts'

const report = (words: string, headers = '') =>
  Buffer.from(`From: Mail Delivery System <Mailer-Daemon@mx.example>
${headers}Content-Type: multipart/report; report-type=delivery-status; boundary=b
Subject: Mail delivery failed: returning message to sender

--b
Content-type: text/plain

This is a permanent error. The following address(es) failed:

${words}
    550 Unknown user

--b
Content-type: message/delivery-status

Reporting-MTA: dns; mx.example

Action: failed
Final-Recipient: rfc822;Ann@one.example
Status: 5.0.0
Diagnostic-Code: smtp; 550 Unknown user

--b--
`)

const behind = '  gone@two.example\n    (generated from ann@one.example)'

test.each(['X-Failed-Recipients: gone@two.example\n', ''])(
  'a forward that failed is told by %j',
  async (headers) => {
    expect(await readReport(report(behind, headers))).toMatchObject({
      category: 'mailbox-does-not-exist',
      recipient: 'gone@two.example',
      originalRecipient: 'ann@one.example',
      forwarded: true,
    })
  },
)

test('without a forward the final recipient is the one that failed', async () => {
  expect(
    await readReport(report('  ann@one.example', 'X-Failed-Recipients: ann@one.example\n')),
  ).toMatchObject({
    recipient: 'Ann@one.example',
    originalRecipient: null,
    forwarded: false,
  })
})
