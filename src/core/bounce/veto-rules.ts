import { anyOf, oneOf } from './any-of.ts'
import { boxDisabled, boxFull, senderRefused, unknownDomain } from './other-languages.ts'
import type { WordingRule } from './wording-rule.ts'

/** One word that stands for a name between others: `domain example.org does not exist`. */
const NAME = String.raw`(?:["'(\[]?[\w.-]{1,80}["')\]]? |<> )?(?:is |was |could |did )?`
const ABSENT = oneOf(
  String.raw`does ?n.?o?t exist|must exist|not (?:be )?(?:found|known|resolved?|valid|reachable)|unknown|invalid`,
  "(?:could|can)(?: ?not|n't) be (?:found|resolved|reached)|non-?existent|unreachable|unresolvable",
  'has no mx|is not hosted here',
)
const DOMAIN = oneOf(
  'domain|domain name|host|hostname|mail host|host or domain name|destination (?:e-?mail )?system',
)

const HOLDER = oneOf('account|mail ?box|user|recipient|inbox|addressee|customer|e-?mail address|address')
const SENDER = String.raw`sender(?:'s)?(?: e-?mail| mail| envelope)?(?: address(?:es)?| domain| host| account| mailbox| verif\w{1,9})?(?: <>)?`
const REFUSED = oneOf(
  'rejected|refused|denied|exist|invalid|unknown|found|verif|failed|blocked|allowed|authori',
  'accepted|unverif|pre-approved|listed',
)

const BETWEEN = '(?: for user| of)?(?: <>)?(?: is| was| has| size)?(?: currently| temporarily| already)?'

/**
 * What a reply may say beside "unknown user", looked for before it: a false "invalid" loses a real subscriber, a
 * miss only leaves a signup pending. The order matters; the first that holds decides.
 */
export const vetoes: readonly WordingRule[] = [
  {
    name: 'sender-refused',
    category: 'policy-or-spam',
    pattern: anyOf(
      String.raw`\b${SENDER} ?[:.]? ?(?:is |was |has been |could |does )?(?:not |n't )?(?:be )?${REFUSED}`,
      String.raw`\b(?:unauthori[sz]ed|invalid|unknown|bad|unverified|forged|blocked|unroutable) senders?\b`,
      String.raw`\b(?:null|empty envelope|restricted) senders?\b`,
      'domain of (?:the )?sender|call(?:back|out)\\b.{0,40}verif|verif.{0,40}call(?:back|out)',
      'call(?:back|out) (?:setup )?failed',
      String.raw`mail from\b.{0,40}(?:rejected|refused|denied|not (?:allowed|owned|accepted))`,
      String.raw`\b(?:return path|envelope from|from address)\b.{0,40}(?:rejected|invalid|not exist|verif)`,
      String.raw`\bbatv\b`,
      'bounce ?address .{0,20}verif|invalid dns mx',
      String.raw`verif\w{0,9} (?:of )?(?:the |your |envelope )?sender|sender(?:'s)? (?:address )?call`,
      String.raw`\b(?:mx|dns|a|records?) for (?:the |your )?send(?:er|ing)`,
      'your (?:e-?mail |mail )?address (?:<> )?(?:does|is|was|could|can|has)',
      ...senderRefused,
    ),
    why: 'The sender is refused, which says nothing about the recipient',
  },
  {
    name: 'status-of-sender',
    category: 'policy-or-spam',
    pattern: /(?:)/,
    status: /^5\.1\.[78]$/,
    why: "RFC 3463 X.1.7, X.1.8: bad sender's mailbox or system address",
  },
  {
    name: 'mailbox-full',
    category: 'mailbox-full',
    pattern: anyOf(
      'over[ -]?(?:the )?(?:allowed |disk )?quota',
      String.raw`quota[ -](?:\w{1,12} ){0,3}(?:exceed|full|reached|violat|used)`,
      String.raw`exceed\w{0,4}[^.;]{0,40}\b(?:quota|storage|local limit|disk space|space limit|mailbox|inbox)`,
      `(?:mail ?(?:box|folder|dir|file|drop)|inbox|post ?box)${BETWEEN} ?(?:over ?)?${oneOf(
        'full|over (?:its |the )?(?:size )?limit|exceed|size (?:limit )?exceed|space not enough|storage',
      )}`,
      String.raw`\b(?:full|over ?full) (?:mail ?box|inbox|quota)|out of (?:storage|space|disk)`,
      "(?:not|n't) (?:have )?enough (?:storage|space|disk|room)",
      'insufficient (?:disk|storage|mailbox|quota)',
      'too (?:much|many) (?:mail data|mail stored|messages on the server|messages in)',
      '(?:storage|space|disk) (?:space )?(?:limit|quota|allocation|is full|has been used up|exhausted)',
      'no (?:space|room) left',
      String.raw`(?:recipient|user|account|customer)(?:'s)?(?: <>)? (?:is |has )?(?:full\b|over limit)`,
      'reached (?:disk|its|the|his|her) (?:disk )?(?:quota|limit)',
      'has too many messages|overquota|no (?:more|free|available) (?:storage |disk )?(?:space|room)',
      ...boxFull,
    ),
    why: 'RFC 3463 X.2.2; a full box exists. Also under class 4: a report has given up all the same',
    unless: anyOf(
      String.raw`message (?:size )?exceeds (?:\w{1,20} )?(?:size|max|fixed|limit)|message size`,
      '(?:sending|send|submission|sender) (?:quota|limit)',
    ),
    underClass4: 'reply',
  },
  {
    name: 'status-of-full-box',
    category: 'mailbox-full',
    pattern: /(?:)/,
    status: /^[45]\.2\.2$/,
    why: 'RFC 3463 X.2.2',
    underClass4: 'reply',
  },
  {
    name: 'rate-of-recipient',
    category: 'temporary',
    pattern: /receiving (?:mail|messages|e-?mail) (?:at a rate|too (?:quickly|fast))|at a rate that prevents/,
    why: 'Gmail writes 5.2.1 for a mailbox that gets too much mail just now',
  },
  {
    name: 'mailbox-disabled',
    category: 'mailbox-disabled',
    pattern: anyOf(
      String.raw`${HOLDER}(?:'s)?\b[^.;:]{0,40}\b${oneOf(
        'disabled|suspended|deactivated|inactive|not active|inactivity|locked|closed|terminated',
        'discontinued|frozen|dormant|expired|on hold|archived|blocked by (?:the )?(?:admin|owner)',
      )}\b`,
      String.raw`\b${oneOf(
        'disabled|suspended|inactive|deactivated|expired|locked|frozen|dormant|archived',
      )}[ /-](?:e-?mail |mail |user )?(?:account|mail ?box|user|recipient|address)`,
      String.raw`\[suspend\]|invalid/inactive|no longer (?:active|in use|in service|accept)`,
      'not (?:currently )?accepting (?:any )?(?:new )?(?:mail|messages)(?: at this time| for this| currently)',
      '(?:recipient|user|mail ?box|account) suspend|not accepting any (?:e-?)?mail(?! from)',
      ...boxDisabled,
    ),
    why: 'RFC 3463 X.2.1: the box exists or did, its owner may come back. Holds under class 4 as well',
    unless: /delivery temporarily suspended|sender|not be locked|lock(?:ed)? failure|virus|relay/,
    underClass4: 'reply',
  },
  {
    name: 'domain-problem',
    category: 'domain-problem',
    pattern: anyOf(
      String.raw`\b${DOMAIN}(?: portion| part| mentioned| named| given)?(?: in .{1,40})?,? (?:of \S{1,80} )?${NAME}${ABSENT}`,
      String.raw`\b${oneOf(
        'unknown|no such|invalid|illegal|non-?existent|bad|unresolvable|unroute?able|undeliverable',
      )} (?:mail |destination |recipient |remote |e-?mail )?(?:host|domain|destination (?:host|domain|system))\b`,
      String.raw`\bnxdomain\b|name service error|name or service not known|couldn't find any host`,
      String.raw`(?<!reverse )(?<!r)\bdns (?:error|failure|lookup failure|name error|server returned|resolution)`,
      String.raw`(?<!reverse )(?<!r)\bdns (?:record|query|domain|type|soft|hard)`,
      String.raw`unable to (?:lookup|look up|resolve) (?!sender)|unable to find (?:an? )?(?:mx|a )(?: |\b)`,
      'cannot resolve (?!your)',
      String.raw`null[ -]?mx|no (?:mx|mail exchanger|a or mx|valid mx|mail server)\b`,
      String.raw`mx (?:records?|lookup|hosts?)\b.{0,40}\b(?:not|no|non|empty|invalid|fail)|mx (?:records? )?points? to`,
      String.raw`\bno (?:dns )?(?:a|mx) (?:record|entry)|indicated no smtp service`,
      String.raw`(?:domain|host|system|server)(?:/domain)? (?:<> )?${oneOf(
        "does ?n.?o?t accept|(?:is )?not accepting|doesn't accept",
      )} (?:any )?(?:e-?mail|mail|network messages|messages)`,
      String.raw`bad destination (?:system|host)|(?:domain|host) ?(?:not ?found|unknown)\b|because the domain`,
      "couldn't be found .{0,30}domain|domain.{0,60}couldn't be found|domain is parked",
      'malformed (?:or unexpected )?name ?server reply|no route (?:found )?to (?:the )?domain|no mail hosts? for',
      ...unknownDomain,
    ),
    why: 'RFC 3463 X.1.2, X.4.4, RFC 7505: nobody was asked about the mailbox',
    unless: anyOf(
      String.raw`reverse dns|\bptr\b|sender|helo|your (?:domain|host|ip)|client host|\brelay(?:ing)? (?:is )?(?:not|denied|access)`,
      String.raw`\b(?:black|block|deny) ?list|\bspam|\brbl\b|dnsbl|\bspf\b|dmarc|dkim`,
    ),
    underClass4: 'field',
  },
  {
    name: 'status-of-domain',
    category: 'domain-problem',
    pattern: /(?:)/,
    status: /^5\.(?:1\.2|4\.4|4\.310|4\.312|3\.2)$/,
    why: 'RFC 3463 X.1.2, X.4.4, X.3.2 (RFC 7504: host does not accept mail); Microsoft 5.4.310, 5.4.312 (DNS)',
    unless: /user unknown|unknown user|no such user/,
  },
]
