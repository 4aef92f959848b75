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
  'mancata consegna|recapit|n.{1,2}o (?:foi )?(?:entreg|poss.{1,2}vel)|onbestelbaar|niet (?:bezorgd|afgeleverd)',
  'zustellung|chec de (?:la )?(?:remise|livraison|distribution)|no entregad|devuelto|devolvid|nedoru.{1,2}',
  'niedostarcz|nie dostarczono|zwrot|kunde inte levereras|oleverer|ikke leveres|iletilemedi|teslim edilemedi',
  'не ?доставлен|недоставк|не доставк|ошибка доставки|エラー|配信|不達|届け|退信|退回|无法投递|無法傳遞|投递失败|반송|전송 ?실패|배달',
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
  'niet (?:worden )?(?:afgeleverd|bezorgd)|fehler bei der|chec de (?:la )?remise|error de entrega',
  'recapito non riuscito|non .{1,2} stat[oa] (?:possibile )?(?:recapitat|consegnat|trovat)|impossibile (?:recapitare|consegnare)',
  'no se ha (?:podido )?entreg|nie (?:mo.na|mog.a|zosta.a|uda.o si.)[^.]{0,30}(?:dostarcz|dor.cz)',
  'kunde inte|kan ikke leveres|kunne ikke|iletilemedi|teslim edilemedi|nelze doru|nebylo mo.n. doru',
  'не (?:было|была|удалось|удаётся|удается) доставл?[ие]|недоставлен|届けできません|退回|退信|전달되지|전송하지 못|반송',
)
const DELAY_WORDS = anyOf(
  'delivery incomplete|temporary problem delivering',
  String.raw`\S will (?:be retried|keep|continue|retry|try again|be attempted|be made)`,
  'not yet been delivered|warning message only|not need to re-?send',
  '(?:has|have|is|are|been|message) (?:been )?(?:temporarily )?delayed',
  'delivery (?:is |has been |temporarily )?delayed|still (?:trying|being|in the queue)',
  'retries? (?:will|for)|(?:no action|nothing) is (?:required|needed)|will be made for',
  'temporary (?:failure|delivery) (?:report|notice)|this is a warning',
  'only a (?:temporary|warning)|could not be delivered for the last|this is not a failure',
  'noch nicht zugestellt|verz.{1,2}gert|pas encore .{1,2}t.{1,2}|retard.{1,2}e?\\b|a.{1,2}n no se ha|ainda n.{1,2}o (?:foi|p)',
  'non .{1,2} ancora stat|in ritardo|nog niet (?:bezorgd|afgeleverd)|vertraagd|jeszcze nie (?:zosta|dor)|op.{1,2}.nion',
  'nnu inte levererats|f.{1,2}rdr.{1,2}jd|forsinket|еще не доставлен|ещё не доставлен|задерж|遅延|遅れて|延迟|延遲|지연',
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
  /\bdelay(?:ed)?\b|warning: (?:could not send|message)|still being retried|delivery warning|verz.{1,2}gert|retard|задерж|遅延|延迟/i
const AWAY = anyOf(
  'out of (?:the )?office',
  'auto(?:matic|mated|matically|matische)?[- ]?(?:re(?:ply|sponse|spons|ponse|plied)|antwort|generated reply)',
  'vacation|abwesen|on holiday|away from (?:my|the)|réponse automatique|respuesta automática',
  'risposta automatica|resposta automática|automatisch antwoord|odpowied.{1,2} automatyczna|autosvar',
  'automati(?:sk|nen|ck.{1,2})(?:t)? (?:svar|vastaus|odpov)|автоматический ответ|автоответ|自動返信|自動応答|自动回复|自动答复',
  "自動回覆|자동 ?(?:회신|응답)|otomatik yan|afwezig|absence du bureau|message d'absence|fuera de (?:la )?oficina|fuori ufficio",
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
