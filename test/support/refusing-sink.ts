// An SMTP server that answers for many domains, and refuses everybody at some of them.
import { openSmtpSink, type SmtpSink } from './smtp-sink.ts'

export type RefusingSink = SmtpSink & {
  /** Domains in trouble. */
  readonly refuses: Set<string>
}

export async function openRefusingSink(
  reply = '5.1.1 Recipient address rejected: User unknown',
): Promise<RefusingSink> {
  const refuses = new Set<string>()
  const sink = await openSmtpSink({
    onRcptTo({ address }, _session, callback) {
      if (!refuses.has(address.slice(address.lastIndexOf('@') + 1))) return callback()
      callback(Object.assign(new Error(reply), { responseCode: 550 }))
    },
  })
  return { ...sink, refuses }
}
