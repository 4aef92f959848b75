import { describe, expect, test } from 'vitest'
import { readReport } from '../../../src/core/bounce/read-report.ts'
import { letter } from './sample-reports.ts'

const postmaster = 'postmaster@mx.example.net'
const gmail = 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>'
const subject = 'Delivery Status Notification (Failure)'

const notifications: [what: string, category: string, message: string][] = [
  // Gmail's headings
  [
    'Gmail, German',
    'mailbox-does-not-exist',
    letter(
      subject,
      gmail,
      '** Adresse nicht gefunden **\n\nIhre Nachricht wurde nicht an ann@example.org zugestellt, weil die Adresse nicht gefunden wurde oder keine E-Mails empfangen kann.',
    ),
  ],
  [
    'Gmail, French',
    'mailbox-does-not-exist',
    letter(
      subject,
      gmail,
      "** Adresse introuvable **\n\nVotre message n'a pas pu être remis à ann@example.org, car l'adresse est introuvable ou ne peut pas recevoir de messages.",
    ),
  ],
  [
    'Gmail, Spanish',
    'mailbox-does-not-exist',
    letter(
      subject,
      gmail,
      '** No se ha encontrado la dirección **\n\nTu mensaje no se ha entregado a ann@example.org porque no se ha encontrado la dirección o esta no puede recibir correo.',
    ),
  ],
  [
    'Gmail, Portuguese',
    'mailbox-does-not-exist',
    letter(
      subject,
      gmail,
      '** Endereço não encontrado **\n\nSua mensagem não foi entregue a ann@example.org porque o endereço não foi encontrado ou não pode receber e-mails.',
    ),
  ],
  [
    'Gmail, Italian',
    'mailbox-does-not-exist',
    letter(
      subject,
      gmail,
      "** Indirizzo non trovato **\n\nIl tuo messaggio non è stato recapitato a ann@example.org perché l'indirizzo non è stato trovato o non può ricevere posta.",
    ),
  ],
  [
    'Gmail, Dutch',
    'mailbox-does-not-exist',
    letter(
      subject,
      gmail,
      '** Adres niet gevonden **\n\nJe bericht is niet bezorgd bij ann@example.org omdat het adres niet is gevonden of geen e-mail kan ontvangen.',
    ),
  ],
  [
    'Gmail, Japanese',
    'mailbox-does-not-exist',
    letter(
      subject,
      gmail,
      '** アドレスが見つかりません **\n\nアドレスが見つからないか、メールを受信できないため、ann@example.org にメールは配信されませんでした。',
    ),
  ],
  [
    'Gmail, a full inbox',
    'mailbox-full',
    letter(
      subject,
      gmail,
      "** Recipient inbox full **\n\nYour message couldn't be delivered to ann@example.org. Their inbox is full, or it's getting too much mail right now.",
    ),
  ],
  [
    'Gmail, blocked',
    'policy-or-spam',
    letter(
      subject,
      gmail,
      '** Message blocked **\n\nYour message to ann@example.org has been blocked. See technical details below for more information.',
    ),
  ],
  // Exchange and Microsoft 365
  [
    'Exchange, German',
    'mailbox-does-not-exist',
    letter(
      'Unzustellbar: Bitte bestätigen',
      postmaster,
      'Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\n\nann@example.org\nDie eingegebene E-Mail-Adresse konnte nicht gefunden werden. Überprüfen Sie die E-Mail-Adresse des Empfängers.',
    ),
  ],
  [
    'Exchange, French',
    'mailbox-does-not-exist',
    letter(
      'Non remis : Confirmez',
      postmaster,
      "Échec de la remise aux destinataires ou groupes suivants :\n\nann@example.org\nL'adresse de messagerie que vous avez entrée est introuvable. Vérifiez l'adresse du destinataire.",
    ),
  ],
  [
    'Exchange, Spanish',
    'mailbox-does-not-exist',
    letter(
      'No se puede entregar: Confirme',
      postmaster,
      'Error de entrega a estos destinatarios o grupos:\n\nann@example.org\nNo se encontró la dirección de correo electrónico que especificó. Compruebe la dirección.',
    ),
  ],
  [
    'Exchange, Italian',
    'mailbox-does-not-exist',
    letter(
      'Non recapitabile: Conferma',
      postmaster,
      "Recapito non riuscito per i seguenti destinatari o gruppi:\n\nann@example.org\nL'indirizzo di posta elettronica immesso non è stato trovato.",
    ),
  ],
  [
    'Exchange, Dutch',
    'mailbox-does-not-exist',
    letter(
      'Onbestelbaar: Bevestig',
      postmaster,
      'Het bericht kan niet worden bezorgd bij de volgende geadresseerden of groepen:\n\nann@example.org\nHet e-mailadres dat u hebt ingevoerd, is niet gevonden.',
    ),
  ],
  [
    'Microsoft 365, who was not found',
    'mailbox-does-not-exist',
    letter(
      'Undeliverable: Please confirm',
      postmaster,
      "Your message to ann@example.org couldn't be delivered.\n\nann wasn't found at example.org.\n\nnews          Office 365          ann\nAction Required                   Recipient\n\nUnknown To address",
    ),
  ],
  [
    'Microsoft 365, full',
    'mailbox-full',
    letter(
      'Undeliverable: Please confirm',
      postmaster,
      "Your message to ann@example.org couldn't be delivered.\n\nann's inbox is full and can't receive messages now.",
    ),
  ],
  [
    'Microsoft 365, a domain',
    'domain-problem',
    letter(
      'Undeliverable: Please confirm',
      postmaster,
      "Your message to ann@exmaple.org couldn't be delivered.\n\nThe domain exmaple.org couldn't be found or doesn't accept mail.\n\n550 5.4.310 DNS domain exmaple.org does not exist",
    ),
  ],
  [
    'Microsoft 365, a group',
    'policy-or-spam',
    letter(
      'Undeliverable: Please confirm',
      postmaster,
      "Your message to all@example.org couldn't be delivered.\n\nThe group all only accepts messages from people in its organization or on its allowed senders list, and your email address isn't on the list.\n\n550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required",
    ),
  ],
]

describe('notifications of large providers, in many languages', () => {
  test.each(notifications)('%s: %s', async (_what, category, message) => {
    expect(await readReport(Buffer.from(message))).toMatchObject({ isBounce: true, category })
  })
})
