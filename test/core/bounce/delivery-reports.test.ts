import { describe, expect, test } from 'vitest'
import { readReport } from '../../../src/core/bounce/read-report.ts'
import { deliveryReport, recipientFields } from './sample-reports.ts'

const read = (message: string) => readReport(Buffer.from(message, 'utf8'))
const daemon = 'From: MAILER-DAEMON@mx.example.net\nSubject: Undelivered mail'

describe('reports of RFC 3464', () => {
  test('the reply, the recipient, the reporter and the code are found', async () => {
    const fields = recipientFields({ diagnostic: '550 5.1.1 <ann@example.org>: User unknown' })
    expect(await read(deliveryReport({ fields }))).toEqual({
      isBounce: true,
      category: 'mailbox-does-not-exist',
      status: '5.1.1',
      reply: '550 5.1.1 <ann@example.org>: User unknown',
      recipient: 'ann@example.org',
      originalRecipient: null,
      forwarded: false,
      reporter: 'mx.example.net',
      rule: 'box-then-unknown',
      named: [
        'bounces+tok3n@lists.example.com',
        'bounces+tok3n@lists.example.com',
        '<bounces+tok3n@lists.example.com>',
        '<tok3n@example.com>',
        'tok3n',
      ],
    })
  })

  test('the code in the reply goes before the Status field', async () => {
    const fields = recipientFields({ status: '5.1.1', diagnostic: '552 5.2.2 Over quota' })
    expect(await read(deliveryReport({ fields }))).toMatchObject({
      category: 'mailbox-full',
      status: '5.2.2',
    })
  })

  test('5.1.1 that stands in the field only, beside words that nobody knows, calls no mailbox dead', async () => {
    const fields = recipientFields({ status: '5.1.1', diagnostic: '550 The moon is in the wrong house' })
    expect((await read(deliveryReport({ fields }))).category).toBe('other-permanent')
  })

  test('a link to an explanation that nobody knows calls no mailbox dead either', async () => {
    const fields = recipientFields({
      status: '5.1.1',
      diagnostic: '553 https://mx.example.org/why?192.0.2.1',
    })
    const prose = '<<< 553 https://mx.example.org/why?192.0.2.1\n550 5.1.1 <ann@example.org>... User unknown'
    expect((await read(deliveryReport({ fields, prose }))).category).toBe('other-permanent')
  })

  test('5.1.1 with nothing beside it does', async () => {
    const report = await read(deliveryReport({ fields: recipientFields({ status: '5.1.1' }) }))
    expect(report).toMatchObject({ category: 'mailbox-does-not-exist', status: '5.1.1' })
  })

  test.each(['delayed', 'relayed', 'delivered', 'expanded'])('%s is no bounce', async (action) => {
    const fields = recipientFields({ action, status: '4.4.1', diagnostic: '550 5.1.1 User unknown' })
    expect(await read(deliveryReport({ fields }))).toMatchObject({ isBounce: false, category: null })
  })

  test('of several recipients the one that failed counts', async () => {
    const relayed = 'Final-Recipient: rfc822; bob@example.org\nAction: relayed\nStatus: 2.0.0'
    const report = await read(
      deliveryReport({ fields: `${relayed}\n\n${recipientFields({ status: '5.2.2' })}` }),
    )
    expect(report).toMatchObject({ recipient: 'ann@example.org', category: 'mailbox-full' })
  })

  test('another original recipient means that the failure lies behind a forward', async () => {
    const fields = recipientFields({ original: 'ann@alias.example' })
    const report = await read(deliveryReport({ fields }))
    expect(report).toMatchObject({ forwarded: true, originalRecipient: 'ann@alias.example' })
    const same = recipientFields({ original: 'Ann@Example.org' })
    expect((await read(deliveryReport({ fields: same }))).forwarded).toBe(false)
  })

  test('an empty line within a group, or around it, costs nothing', async () => {
    const torn = recipientFields({ diagnostic: '552 5.2.2 Mailbox full' }).replace('Status:', '\n\nStatus:')
    expect(await read(deliveryReport({ fields: torn }))).toMatchObject({
      category: 'mailbox-full',
      recipient: 'ann@example.org',
    })
  })

  test('a report without its headers, or without its MIME, is read all the same', async () => {
    const whole = deliveryReport({ fields: recipientFields({ diagnostic: '550 5.1.1 User unknown' }) })
    const body = whole.slice(whole.indexOf('\n\n') + 2)
    expect(await read(body)).toMatchObject({
      category: 'mailbox-does-not-exist',
      recipient: 'ann@example.org',
    })
    const pasted = `${daemon}\n\nIt failed:\n\n${recipientFields({ diagnostic: '550 5.1.1 User unknown' })}\n`
    expect(await read(pasted)).toMatchObject({
      category: 'mailbox-does-not-exist',
      recipient: 'ann@example.org',
    })
  })

  test('a wrong boundary is guessed from the one that is used', async () => {
    const wrong = deliveryReport({}).replace('boundary="part/1"', 'boundary="another"')
    expect(await read(wrong)).toMatchObject({
      category: 'mailbox-does-not-exist',
      reporter: 'mx.example.net',
    })
  })

  test('a part in base64 is read', async () => {
    const fields = Buffer.from(`${recipientFields({ diagnostic: '552 5.2.2 Mailbox full' })}\n`).toString(
      'base64',
    )
    const report = deliveryReport({}).replace(
      /Content-Type: message\/delivery-status[\s\S]*?\n\n--part/,
      `Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n${fields}\n\n--part`,
    )
    expect(await read(report)).toMatchObject({ category: 'mailbox-full', recipient: 'ann@example.org' })
  })

  test('international addresses come out as they are (RFC 6533)', async () => {
    const report = deliveryReport({
      fields: 'Final-Recipient: utf-8; jürgen@example.org\nAction: failed\nStatus: 5.1.1',
    })
    const international = report.replace('message/delivery-status', 'message/global-delivery-status')
    expect((await read(international)).recipient).toBe('jürgen@example.org')
  })

  test('a report that was forwarded as an attachment is read', async () => {
    const inner = deliveryReport({ fields: recipientFields({ diagnostic: '550 5.1.1 User unknown' }) })
    const outer = [
      'From: admin@example.com',
      'To: bounces+tok3n@lists.example.com',
      'Subject: Fwd: something came back',
      'Content-Type: multipart/mixed; boundary=outer',
      '',
      '--outer',
      'Content-Type: text/plain',
      '',
      'See below',
      '--outer',
      'Content-Type: message/rfc822',
      '',
      inner,
      '--outer--',
    ].join('\n')
    expect(await read(outer)).toMatchObject({ isBounce: true, category: 'mailbox-does-not-exist' })
  })
})
