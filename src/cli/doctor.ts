// `ayes doctor`: is it set up right? Settings, database, links, relay, return path and what the DNS says of the sender.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Config } from '../config.ts'
import { readAddress } from '../core/address.ts'
import { writeBase32 } from '../core/base32.ts'
import { type Finding, findingsOf } from '../core/doctor/finding.ts'
import { judgeRelay } from '../core/doctor/judge-relay.ts'
import { returnTokenLength } from '../core/tokens.ts'
import { openResolver, systemServers } from '../dns.ts'
import { envelopeSender } from '../flows/write-letter.ts'
import { probeRelay, type RelayProbe } from '../mail/probe-relay.ts'
import { type Around, type Command, readArguments, UsageError } from './command.ts'
import { checkDatabase } from './doctor/check-database.ts'
import { checkReturnPath } from './doctor/check-return-path.ts'
import { checkSender } from './doctor/check-sender.ts'
import { checkSettings } from './doctor/check-settings.ts'
import { checkWeb } from './doctor/check-web.ts'
import { doorsIn } from './doctor/doors.ts'
import { openPrinter, type Printer } from './doctor/print-findings.ts'
import { sendTestLetter } from './doctor/send-test-letter.ts'
import { openOutput } from './output.ts'

// Somebody waits in front of a terminal; a relay that greets slowly on purpose does so for some seconds.
const timeouts = { connect: 10_000, greeting: 20_000, command: 20_000, message: 120_000 }
const dnsTimeoutMs = 2_000

export const run: Command = async (args, around) => {
  const { to, json } = readInput(args)
  const environment = around.environment()
  const colour = 'isTTY' in around.stdout && around.stdout.isTTY === true && !environment.NO_COLOR
  const printer = openPrinter(openOutput(around.stdout), { json, colour })
  const { config, findings } = checkSettings(environment)
  for (const finding of findings) await printer.print(finding)
  if (config === null) {
    around.say(['The settings are wrong, so nothing else could be checked.'])
  } else {
    // Begun first and waited for last: whoever breaks off must not leave the server of our own behind.
    const database = checkDatabase(config)
    try {
      around.signal.throwIfAborted()
      await Promise.race([
        checkAll(config, { environment, database, printer }).then(() => follow(config, to, printer)),
        once(around.signal, 'abort').then(() => Promise.reject(new Error('broken off'))),
      ])
    } finally {
      await database
    }
  }
  return (await printer.end()) > 0 ? 1 : 0
}

function readInput(args: readonly string[]): { to: string | null; json: boolean } {
  const { values, operands } = readArguments(args, ['send'], ['json'])
  const [extra] = operands
  if (extra !== undefined) throw new UsageError(`${JSON.stringify(extra)} is one word too many`)
  const text = values.get('send')
  if (text === undefined) return { to: null, json: values.has('json') }
  const reading = readAddress(text)
  if (reading.kind === 'invalid')
    throw new UsageError(`--send is no address: ${reading.detail.replace(/\.$/, '')}`)
  const { local, domain } = reading.address
  return { to: `${local}@${domain}`, json: values.has('json') }
}

type With = {
  environment: ReturnType<Around['environment']>
  database: Promise<Finding[]>
  printer: Printer
}

/** All at once, since most of it is waiting; printed in the order in which things depend on each other. */
async function checkAll(config: Config, { environment, database, printer }: With): Promise<void> {
  const resolver = openResolver({ servers: config.dns.servers ?? systemServers(), timeoutMs: dnsTimeoutMs })
  const probe = config.mail.smtpUrl === null ? null : probeRelayOf(config, config.mail.smtpUrl)
  const parts = [
    database,
    checkWeb(config, resolver),
    probe?.then((found) => judgeRelay(found, new Date())) ?? [devMailbox(config)],
    checkReturnPath(config, doorsIn(environment), resolver),
    checkSender(config, (await probe) ?? null, resolver),
  ]
  for (const part of parts) for (const finding of await part) await printer.print(finding)
  await resolver.close()
}

async function follow(config: Config, to: string | null, printer: Printer): Promise<void> {
  if (to === null) return
  for await (const step of sendTestLetter(config, { to, timeouts })) await printer.print(step)
}

function probeRelayOf({ mail }: Config, url: string): Promise<RelayProbe> {
  // As long as a real one, so that a relay which counts characters does it here.
  const token = writeBase32(randomBytes(returnTokenLength)).slice(0, returnTokenLength)
  const sender = envelopeSender(mail.bounceAddress, token) ?? mail.from.address
  return probeRelay({ url, name: mail.smtpName, sender, timeouts })
}

function devMailbox({ mail }: Config) {
  return findingsOf('relay').warning(
    'relay',
    `SMTP_URL is not set: letters stay in the dev mailbox${mail.devMailbox === 'exposed' ? ', where everybody can read them' : ''}`,
    'set SMTP_URL and MAIL_FROM for real letters',
  )
}
