import type { Provider } from './door.ts'

/**
 * The headers by which a letter takes its token to where the provider gives it back in its events; each provider has
 * a place of its own, takes the header off, and leaves those of the others alone.
 */
const markers: Readonly<Record<Provider, (token: string) => Readonly<Record<string, string>>>> = {
  // docs.aws.amazon.com/ses, "Specifying message tags"; comes back in events of a configuration set only.
  ses: (token) => ({ 'X-SES-MESSAGE-TAGS': `ayes-letter=${token}` }),
  // twilio.com/docs/sendgrid, "Building an X-SMTPAPI header"; spaces let a long line be folded.
  sendgrid: (token) => ({ 'X-SMTPAPI': `{"unique_args": {"ayes_letter": "${token}"}}` }),
  // documentation.mailgun.com, "Attaching metadata to messages".
  mailgun: (token) => ({ 'X-Mailgun-Variables': `{"ayes-letter": "${token}"}` }),
  // postmarkapp.com/support, "Custom metadata": names of 20 characters at most, values of 80.
  postmark: (token) => ({ 'X-PM-Metadata-ayes-letter': token }),
  // developers.sparkpost.com/api/smtp, "metadata".
  sparkpost: (token) => ({ 'X-MSYS-API': `{"metadata": {"ayes_letter": "${token}"}}` }),
  // developers.brevo.com, "Transactional webhooks": comes back as the member of the same name.
  brevo: (token) => ({ 'X-Mailin-custom': `ayes-letter:${token}` }),
  // dev.mailjet.com/smtp-relay/custom-headers.
  mailjet: (token) => ({ 'X-MJ-CustomID': token }),
  // Resend gives back the letter's own headers, X-Ayes-Letter among them.
  resend: () => ({}),
}

/** For the providers whose webhooks are set up, and for no others: a stranger's relay gets none of these. */
export function letterMarkers(providers: readonly Provider[], token: string): Record<string, string> {
  return Object.assign({}, ...providers.map((provider) => markers[provider](token)))
}
