import { describe, expect, test } from 'vitest'
import { readReport } from '../../../src/core/bounce/read-report.ts'
import { deliveryReport, recipientFields } from './sample-reports.ts'

const person = (subject: string, prose: string, headers = '') =>
  `From: Ann <ann@example.org>\nTo: bounces@example.com\nSubject: ${subject}\n${headers}\n${prose}\n`
const auto = 'Auto-Submitted: auto-replied\n'

const messages: [what: string, message: string][] = [
  // Away
  [
    'English',
    person(
      'Automatic reply: Please confirm',
      'I am out of the office. The mailbox bob@example.org does not exist any more, write to me.',
      auto,
    ),
  ],
  [
    'English, a box that is left',
    person(
      'Re: Please confirm',
      'This is an automatic response. I no longer work here and this mailbox is not read.',
      auto,
    ),
  ],
  [
    'English, without a header that says so',
    person('Out of Office', 'On holiday until Monday. User unknown to me should wait.'),
  ],
  [
    'German',
    person(
      'Abwesenheitsnotiz: Bitte bestätigen',
      'Ich bin nicht im Büro. Diese Adresse ist ungültig ab Mai.',
      auto,
    ),
  ],
  [
    'German, short',
    person('Automatische Antwort: Ihre Anmeldung', 'Ich bin bis zum 5. nicht erreichbar.', auto),
  ],
  [
    'French',
    person(
      'Réponse automatique : Confirmez',
      "Je suis absente. Cette adresse n'existe plus à partir de mai.",
      auto,
    ),
  ],
  ['French, message of absence', person("Message d'absence", 'Je suis en congés.', auto)],
  [
    'Spanish',
    person(
      'Respuesta automática: Confirme',
      'Estoy fuera de la oficina. Esta dirección no existe desde mayo.',
      auto,
    ),
  ],
  [
    'Portuguese',
    person('Resposta automática: Confirme', 'Estou de férias; este endereço não existe mais.', auto),
  ],
  [
    'Italian',
    person('Risposta automatica: Conferma', 'Sono in ferie. Questo indirizzo non esiste da maggio.', auto),
  ],
  [
    'Dutch',
    person('Automatisch antwoord: Bevestig', 'Ik ben afwezig. Dit adres bestaat niet meer vanaf mei.', auto),
  ],
  ['Polish', person('Odpowiedź automatyczna: Potwierdź', 'Jestem na urlopie.', auto)],
  ['Swedish', person('Autosvar: Bekräfta', 'Jag är på semester.', auto)],
  ['Danish', person('Automatisk svar: Bekræft', 'Jeg er på ferie.', auto)],
  ['Finnish', person('Automaattinen vastaus: Vahvista', 'Olen lomalla.', auto)],
  ['Russian', person('Автоматический ответ: Подтвердите', 'Я в отпуске. Адрес не существует с мая.', auto)],
  ['Japanese', person('自動返信: ご確認', '不在にしております。このアドレスは存在しません。', auto)],
  ['Chinese', person('自动回复: 请确认', '我在休假。', auto)],
  ['Turkish', person('Otomatik yanıt: Onaylayın', 'Ofis dışındayım.', auto)],
  ['Czech', person('Automatická odpověď: Potvrďte', 'Jsem na dovolené.', auto)],
  [
    'a ticket system',
    person(
      '[Ticket #5511] We got your message',
      'Thank you. Your request could not be answered yet. Do not reply.',
      auto,
    ),
  ],
  [
    'a service that says its box is not read',
    person(
      'Unmonitored mailbox',
      'This mailbox is not monitored and your message was not delivered to a person.',
      auto,
    ),
  ],
  // Ordinary
  [
    'a newsletter about mail',
    person(
      'Why your message could not be delivered',
      'Ten reasons for "550 5.1.1 user unknown", and what to do: mailbox full, blocked ...',
      'List-Unsubscribe: <https://x.example/u>\nPrecedence: bulk\n',
    ),
  ],
  [
    'a parcel',
    person(
      'Delivery failed: your parcel',
      'We were unable to deliver your parcel: the address does not exist.',
    ),
  ],
  [
    'an answer that quotes a bounce',
    person(
      'Re: Undelivered Mail Returned to Sender',
      'Is this yours?\n\n> <bob@example.org>: host mx said: 550 5.1.1 User unknown\n',
    ),
  ],
  [
    'a bounce somebody forwarded inline',
    person(
      'Fwd: Delivery Status Notification (Failure)',
      '---------- Forwarded message ---------\nFrom: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\n\nAddress not found\n\n550 5.1.1 User unknown',
    ),
  ],
  [
    'a forwarded bounce in German',
    person('WG: Unzustellbar: Anmeldung', 'Schau mal:\n\n550 5.1.1 Benutzer unbekannt'),
  ],
  [
    'a question about bounces',
    person(
      'mailbox full?',
      'Hi, my mailbox is full again and mail to me is rejected with 552 5.2.2. What can I do?',
    ),
  ],
  [
    'an invoice that was rejected',
    person('Payment rejected', 'Your payment was rejected by the bank. Error while processing.'),
  ],
  [
    'spam that looks like a bounce',
    person(
      'Mail delivery failed: verify your account',
      'Your mailbox is full. Click here to verify your account or it will be disabled.',
    ),
  ],
  [
    'a list that holds the mail',
    `From: news-bounces@lists.example.org\nSubject: Your message to News awaits moderator approval\n\nIs being held until the list moderator can review it for approval.\n`,
  ],
  [
    'a welcome of a list',
    `From: news-request@lists.example.org\nSubject: Welcome to the "News" mailing list\n\nWelcome! If your address bounces, it will be disabled.\n`,
  ],
  // Challenges
  [
    'a challenge',
    person(
      'Please verify your message',
      'Your message to bob@example.org has not been delivered yet. Please click the link to verify that you are a person.',
      auto,
    ),
  ],
  [
    'a challenge of another kind',
    `From: Boxguard <noreply@boxguard.example>\nSubject: Re: Please confirm (verification required)\n\nbob@example.org uses a challenge-response service. Confirm that you sent this message and it will be delivered.\n`,
  ],
  [
    'a challenge in the form of a report',
    deliveryReport({
      prose: 'To have your message delivered, please confirm your address: https://guard.example/c',
      fields: recipientFields({ status: '4.7.0' }),
    }),
  ],
]

describe('no bounce', () => {
  test.each(messages)('%s', async (_what, message) => {
    const { isBounce, category, rule } = await readReport(Buffer.from(message))
    expect({ isBounce, category, rule }).toEqual({
      isBounce: false,
      category: null,
      rule: expect.any(String),
    })
  })
})
