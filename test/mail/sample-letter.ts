import type { OutgoingLetter } from '../../src/mail/mailer.ts'

const token = 'c2vnk3jq4zv7d6mh5w2yq3aa'

/** A letter like those that go out, with what a test wants otherwise. */
export function sampleLetter(changes: Partial<OutgoingLetter> = {}): OutgoingLetter {
  const own = changes.token ?? token
  return {
    id: `letter-${own}`,
    token: own,
    from: { name: 'Example News', address: 'news@example.com' },
    replyTo: null,
    to: 'anna@example.org',
    envelopeFrom: `bounces+${own}@example.com`,
    messageId: `${own}@example.com`,
    subject: 'Please confirm',
    text: 'Please confirm: https://example.com/confirm/abc\n',
    html: '<p>Please <a href="https://example.com/confirm/abc">confirm</a></p>\n',
    headers: {},
    ...changes,
  }
}
