import { anyOf, oneOf } from './any-of.ts'
import { field, type HeaderBlock } from './header-block.ts'

export type Kind = 'failure' | 'delay' | 'automatic-answer' | 'challenge' | 'ordinary'

export type MailFacts = {
  headers: HeaderBlock
  subject: string
  prose: string
  /** The prose quotes an SMTP refusal. */
  quotesReply: boolean
  /** Another letter's headers follow the prose, as a part or inline. */
  returnsLetter: boolean
}

const DAEMON = anyOf(
  'mailer[-_ ]?daemon|post[ _-]?master|mail (?:delivery|administrator|system)',
  String.raw`delivery (?:sub)?system|mail[-_ ]?system|\bmdaemon|mail[-_ ]service|\bndr\b|mail ?bounce`,
  String.raw`\bbounces?\b|^ ?<>|"? <>|microsoft (?:outlook|exchange)|system administrator|\bmailer@`,
  String.raw`\bmta\b|smtp[_-]?gateway|antivirus`,
)
const FAILED_SUBJECT = anyOf(
  String.raw`undeliver|deliver\w{0,6} (?:status|failure|failed|error|problem|report|notification)`,
  'return(?:ed|ing)? (?:to sender|mail|message)|failure notice',
  '(?:mail|message) (?:delivery )?(?:failed|failure|error|system error|status)',
  'failed (?:mail|delivery|message)|(?:could|can) ?not be delivered|non[- ]?(?:deliver|remis)',
  String.raw`not (?:be )?delivered|rejected|unzustellbar|\bbounced?\b|error (?:sending|during|condition)`,
  'user unknown|unknown user|mail error|no se (?:puede|pudo) entregar|non (?:remis|distribu)',
  'mancata consegna|не доставлен|недоставлен|エラー|配信|退信',
)
const NOT = "(?:could|can|was|were|is|be|has|have|did|will|would) ?(?:not|n't)"
const FAILED_WORDS = anyOf(
  String.raw`${NOT}(?: \w{1,12}){0,2} (?:deliver|reach|sent|arrive)`,
  'unable to (?:be )?(?:deliver|send|transfer)|undeliver',
  'permanent(?:ly)? (?:fatal )?(?:error|fail)|fatal errors',
  'delivery (?:to the following|has failed|failed|failure|problem|attempt|error)',
  'error(?:s)? (?:was |were |has |occurred )?(?:detected|delivering|while|occurred|sending|during)',
  'returned to (?:the )?sender',
  '(?:was|were|been|is) (?:automatically )?(?:rejected|refused|returned|bounced|blocked)',
  'failed (?:recipients?|addresses|delivery)|address not found|trouble delivering|rejected recipient',
  "(?:was|were|am|is)(?: not|n't) able to|sorry, (?:no|i)\\b|you tried to (?:contact|reach)",
  'message (?:blocked|rejected|not delivered)|unknown user|user unknown|no such user',
  'user not known|not delivered to|(?:no se|não) (?:pudo|puede|foi|pode)[^.]{0,40}entreg',
  "n'a (?:pas )?pu|konnte nicht|nicht zugestellt|не может быть доставлен|送信できません|配信できません|無法|无法",
  'niet (?:worden )?(?:afgeleverd|bezorgd)',
)
const DELAY_WORDS = anyOf(
  'delivery incomplete|temporary problem delivering',
  String.raw`\S{1,40} will (?:be retried|keep|continue|retry|try again|be attempted|be made)`,
  'not yet been delivered|warning message only|not need to re-?send',
  '(?:has|have|is|are|been|message) (?:been )?(?:temporarily )?delayed',
  'delivery (?:is |has been |temporarily )?delayed|still (?:trying|being|in the queue)',
  'retries? (?:will|for)|(?:no action|nothing) is (?:required|needed)|will be made for',
  'temporary (?:failure|delivery) (?:report|notice)|this is a warning',
  'only a (?:temporary|warning)|could not be delivered for the last',
)
const FINAL_WORDS = anyOf(
  'permanent (?:fatal )?(?:error|fail)|failed permanently|permanent fatal|giving up|given up',
  'has expired|no further (?:attempt|retr)|aborted|will not be retried',
)
const PLAINLY_LATE = anyOf(
  'warning message only|not need to re-?send|will retry for|delivery incomplete',
  'will (?:keep|continue) (?:on )?trying',
)
const DELAY_SUBJECT =
  /\bdelay(?:ed)?\b|warning: (?:could not send|message)|still being retried|delivery warning|\(delay\)/i
const AWAY = anyOf(
  'out of (?:the )?office',
  'auto(?:matic|mated|matically|matische)?[- ]?(?:re(?:ply|sponse|spons|ponse|plied)|antwort|generated reply)',
  'vacation|abwesen|on holiday|away from (?:my|the)|réponse automatique|respuesta automática',
  'risposta automatica|resposta automática',
)
const CHALLENGE = anyOf(
  `(?:confirm|verify|prove|approve|authenticate) (?:that )?${oneOf(
    'you|your (?:message|e-?mail|address|identity)',
  )}`,
  'challenge[- ]response|waiting list',
  'click (?:here|the link|on the link).{0,80}(?:deliver|verify|confirm)',
)
const ANSWER_SUBJECT = /^\s*(?:re|aw|sv|antw|fwd?|wg|tr|rv|odp)\s*(?:\[\d+\])?:/i

/** What kind of mail this is by its own headers and prose, where no machine-readable report says it. Pure. */
export function kindOfMail(facts: MailFacts): Kind {
  const { headers } = facts
  const subject = facts.subject.toLowerCase()
  const words = facts.prose.slice(0, 4096).replace(/\s+/g, ' ').toLowerCase()
  const bare = headers.fields.length === 0
  const from = `${field(headers, 'from') ?? ''} ${field(headers, 'sender') ?? ''}`.slice(0, 600).toLowerCase()
  const daemon = DAEMON.test(from) || /^<?(?:>|mailer-daemon\b)/i.test(field(headers, 'return-path') ?? '-')
  const failedSubject = FAILED_SUBJECT.test(subject)
  const failedWords = FAILED_WORDS.test(words)
  if (!daemon && (AWAY.test(subject) || AWAY.test(words.slice(0, 300)))) return 'automatic-answer'
  if (CHALLENGE.test(words) && !facts.quotesReply && !FINAL_WORDS.test(words)) return 'challenge'
  const late = DELAY_SUBJECT.test(subject) || DELAY_WORDS.test(words)
  if (late && (PLAINLY_LATE.test(words) || !FINAL_WORDS.test(words)))
    return daemon || bare || failedSubject || facts.quotesReply ? 'delay' : 'ordinary'
  if (!daemon && ANSWER_SUBJECT.test(subject)) return 'ordinary'
  if (bare) return failedWords || facts.quotesReply ? 'failure' : 'ordinary'
  const saysFailed = failedSubject || failedWords
  const evidence = [
    facts.quotesReply,
    facts.returnsLetter,
    field(headers, 'x-failed-recipients') !== null,
    /report-type\W{1,3}delivery-status/i.test(field(headers, 'content-type') ?? ''),
  ].filter(Boolean).length
  const failed = daemon
    ? saysFailed || evidence > 0
    : (evidence > 0 && failedSubject && failedWords) || (evidence > 1 && saysFailed)
  return failed ? 'failure' : 'ordinary'
}
