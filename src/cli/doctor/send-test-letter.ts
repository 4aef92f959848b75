// `--send ADDRESS`: one letter by the way that all letters take, followed to the relay's last word. Nothing is stored
// about it: a report that comes back later names a letter that nobody knows, and changes nothing.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { judgeReply } from '../../core/bounce/judge-reply.ts'
import { categoryWords } from '../../core/doctor/category-words.ts'
import { shown } from '../../core/doctor/dns-line.ts'
import { type Finding, findingsOf } from '../../core/doctor/finding.ts'
import { openKeyRing } from '../../core/keys.ts'
import { makeReturnToken } from '../../core/tokens.ts'
import { openDataDir } from '../../data-dir.ts'
import { envelopeSender } from '../../flows/write-letter.ts'
import type { OutgoingLetter, SendResult } from '../../mail/mailer.ts'
import { openMailer } from '../../mail/open-mailer.ts'
import { readSecrets } from '../../secrets.ts'
import { openQuietLog } from '../open-installation.ts'

const { ok, wrong } = findingsOf('letter')

/** `seconds` since the beginning. */
export type LetterStep = Finding & { readonly seconds: number }

type Timeouts = { connect: number; greeting: number; command: number; message: number }

export async function* sendTestLetter(
  config: Config,
  { to, timeouts }: { to: string; timeouts: Partial<Timeouts> },
): AsyncGenerator<LetterStep> {
  const begun = performance.now()
  const timed = (finding: Finding): LetterStep => ({
    ...finding,
    seconds: Math.round(performance.now() - begun) / 1_000,
  })
  const steps: LetterStep[] = []
  let wake = () => {}
  const opened = openQuietLog(config)
  const dataDir = await openDataDir(config.dataDir)
  const { secretKey } = await readSecrets(config, dataDir, opened)
  const token = makeReturnToken(openKeyRing(secretKey, config.secrets.oldSecretKeys).current, randomUUID())
  const { mailer, devMailbox } = await openMailer({
    smtpUrl: config.mail.smtpUrl,
    relay: {
      name: config.mail.smtpName,
      concurrency: 1,
      dkim: config.mail.dkim,
      log: opened.log,
      timeouts,
      observe: ({ step, answer }) => {
        steps.push(timed(asFinding(step, answer)))
        wake()
      },
    },
    // A report of the dev mailbox is left lying for the service.
    devMailbox: {
      dir: join(dataDir.path, 'dev-mailbox'),
      onReport: () => Promise.reject(new Error('not the service')),
    },
  })
  try {
    const ended: { result: SendResult | null; failure: unknown } = { result: null, failure: null }
    const sending = mailer.send(testLetter(config, to, token)).then(
      (result) => {
        ended.result = result
      },
      (failure: unknown) => {
        ended.failure = failure
      },
    )
    for (;;) {
      const step = steps.shift()
      if (step !== undefined) yield step
      else if (ended.failure !== null) throw ended.failure
      else if (ended.result !== null) break
      else await Promise.race([sending, new Promise<void>((resolve) => (wake = resolve))])
    }
    yield timed(outcome(ended.result, devMailbox !== null))
  } finally {
    await mailer.close()
  }
}

function asFinding(step: string, answer: string | null): Finding {
  const isRefusal = /^[45]\d\d/.test(answer ?? '')
  const said = answer === null ? 'made' : lastLine(answer)
  // What follows from a refusal is said once, at the end.
  return { group: 'letter', check: step, result: isRefusal ? 'wrong' : 'ok', found: said, mend: null }
}

/** The last line of a long answer has what it comes to. */
function lastLine(answer: string): string {
  return answer.trim().split(/\r?\n/).at(-1) ?? ''
}

function outcome(result: SendResult, isDevMailbox: boolean): Finding {
  const check = 'letter'
  switch (result.kind) {
    case 'accepted':
      return isDevMailbox
        ? ok(
            check,
            `Kept in the dev mailbox, since SMTP_URL is not set; no letter left this machine: ${result.reply}`,
          )
        : ok(check, `The relay took the letter: ${lastLine(result.reply)}`)
    case 'refused':
    case 'deferred': {
      const { category, status } = judgeReply(result.reply, result.during)
      const where = result.during === 'rcpt' ? 'the recipient' : 'the letter'
      const how = result.kind === 'refused' ? 'refused' : 'refused for now'
      return wrong(
        check,
        `${where} was ${how}: ${categoryWords[category]} (${category}${status === null ? '' : `, ${status}`}): ${shown(result.reply, 500)}`.replace(
          /^t/,
          'T',
        ),
        mendFor(category),
      )
    }
    case 'impossible':
      return wrong(
        check,
        `This letter cannot go out by this relay: ${result.reason}`,
        'send to an address in plain ASCII, or use another relay',
      )
    case 'trouble':
      return wrong(
        check,
        `The relay is in trouble, whatever the address: ${result.reply}`,
        'see what is said of the relay above',
      )
  }
}

function mendFor(category: string): string {
  if (category === 'policy-or-spam')
    return 'mend what is said of SPF, DKIM and DMARC above, and ask whoever runs the relay about its reputation'
  if (category === 'temporary')
    return 'try again in some minutes: many servers put off a sender that they do not know yet'
  return 'send to a mailbox that is there'
}

function testLetter({ mail }: Config, to: string, token: string): OutgoingLetter {
  const { from, bounceAddress } = mail
  const words =
    'This letter was sent by "ayes doctor --send" to see whether letters arrive. It asks for nothing, and nobody has been put on a list.'
  return {
    id: randomUUID(),
    token,
    from,
    replyTo: null,
    to,
    envelopeFrom: envelopeSender(bounceAddress, token) ?? from.address,
    messageId: `${token}@${from.address.slice(from.address.lastIndexOf('@') + 1)}`,
    subject: 'A test letter from Ayes',
    text: `${words}\n`,
    html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A test letter from Ayes</title></head><body><p>${words.replaceAll('"', '&quot;')}</p></body></html>\n`,
    headers: {},
  }
}
