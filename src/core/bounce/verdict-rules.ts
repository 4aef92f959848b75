import { anyOf, oneOf } from './any-of.ts'
import { unknownServer, unknownUser } from './other-languages.ts'
import type { WordingRule } from './wording-rule.ts'

/** What a mailbox is called. Optional words around it are spelled out, so that every pattern stays linear. */
const BOX = oneOf(
  'users?|user ?(?:name|id|account)|recipients?|recipient (?:address(?:es)?|name)',
  'mail ?box(?:es)?|mailbox name|accounts?|e-?mail (?:address(?:es)?|account)|addressees?',
  'address(?:es)?|rcpt|alias|person|customer|subscriber|local[ -]?part|mail ?drop',
)
const NOT_THERE = oneOf(
  String.raw`unknown|un-known|inconnu|not (?:be |a )?(?:found|known|listed|present|registered|existing)`,
  String.raw`not (?:recogni[sz]ed|located|defined|valid)|(?<!may )(?<!might )not exists?\b|does ?n.?o?t exist`,
  String.raw`(?:do|did) not exist|dosn't exist|doesnt exist|wasn't found|couldn't be found`,
  String.raw`(?:could|can) ?not be found|non-?exist[ea]nt|invalid|incorrect\b|unrecogni[sz]ed|deleted`,
  "isn't (?:known|valid|found|recogni[sz]ed|listed|registered)|no longer exists?",
)
/** A name, an address or a quoted word between subject and verdict. */
const NAME = String.raw`(?:(?!${oneOf(
  'server|host|domain|system|credentials?|password|certificate|relay|policy|quota|list|header|syntax|format',
)}\b)["'([]?(?:<>|[\w.+@=-]{1,64})["')\]]?,? )?`
/** Addresses that are none of a recipient. */
const OTHER_ADDRESS = /\b(?:ip|from|reply-to|return|client|helo|source|sending|sender|header) address|header/
const IS = oneOf('is |was |are |were |has been |could |does |do |specified |provided |given |: ')

/**
 * Wordings of "there is no such mailbox", after every veto. Sources: what real
 * reports hold (`npm run bench -- bounces`), RFC 3463 X.1.1, RFC 5321 4.2.3 and the replies of the servers that are named.
 */
export const verdicts: readonly WordingRule[] = [
  {
    name: 'bad-address-syntax',
    category: 'bad-address',
    pattern: anyOf(
      String.raw`(?:bad|invalid|illegal|malformed|incorrect) (?:\w{1,14} ){0,3}address(?:es)? syntax`,
      `(?:address|mailbox|recipient)(?: address)? (?:has |is |contains )?(?:an? )?${oneOf(
        'syntax|syntactically|malformed|format|illegal char|invalid char|bad char',
      )}`,
      String.raw`syntax error in (?:\w{1,14} ){0,3}(?:address|mailbox|recipient)`,
      'malformed (?:e-?mail |mail |recipient )?address|domain (?:part )?missing in address',
      String.raw`not a (?:valid|legal) (?:rfc ?\d{3,5} )?(?:e-?mail )?address|unbalanced`,
    ),
    why: 'RFC 3463 X.1.3: the spelling itself cannot be an address',
    // Exim says the last of addresses that it read from a header: ours, and not the one that was typed.
    unless: /sender|mail from|incorrectly constructed/,
  },
  {
    name: 'box-then-unknown',
    category: 'mailbox-does-not-exist',
    pattern: anyOf(String.raw`\b${BOX}[:,;.-]? ${NAME}${IS}?(?:currently |listed as )?${NOT_THERE}`),
    why: 'RFC 3463 X.1.1 as Sendmail, Postfix, Exim, Exchange, hMailServer and most others word it',
    unless: OTHER_ADDRESS,
  },
  {
    name: 'unknown-then-box',
    category: 'mailbox-does-not-exist',
    pattern: anyOf(
      String.raw`\b${oneOf(
        'unknown|no such|invalid|invalid or unknown|non-?exist[ea]nt|unrecogni[sz]ed|bad(?: destination)?',
        "not an? (?:valid|known|existing|registered|local|active)|there(?: is|'s) no(?: such)?",
        "(?:unable to|could not|couldn't|can ?not|can't) find(?: the| a)?",
      )} (?:local |e-?mail |mail |virtual |remote |destination |final |envelope |named |intended )?${BOX}\b`,
      'undeliverable address(?!es)',
    ),
    why: 'The same the other way round',
    unless: /bad address syntax|invalid address list|\bfrom address|reply-to|gateway user|header/,
  },
  {
    name: 'box-far-from-unknown',
    category: 'mailbox-does-not-exist',
    pattern: anyOf(
      String.raw`\b${BOX}\b[^.;]{0,70}\b${oneOf(
        "does ?n.?o?t exist|dosn't exist|doesnt exist|did not (?:exactly )?match|is unknown|not listed",
        "(?:was|were) not found|wasn't found|couldn't be found|(?:could|can) ?not be found|not found",
        'not recogni[sz]ed|no longer exists?|not in (?:our|the|this) (?:directory|database|system)',
      )}`,
    ),
    why: 'The same with more words between: "The email account that you tried to reach does not exist"',
    unless: anyOf(
      String.raw`\b(?:domain|host|server|system|policy|certificate|dns)\b[^.;]{0,40}(?:does not exist|not found|unknown|not be found)`,
      'may not exist',
      OTHER_ADDRESS.source,
    ),
  },
  {
    name: 'mailbox-unavailable',
    category: 'mailbox-does-not-exist',
    pattern: anyOf(
      String.raw`\bmail ?box (?:is )?(?:currently )?(?:unavailable|unavaiable|not available)`,
      'action not taken: mailbox|no mail ?box (?:here|available|found|with|by|for)',
      'no mail ?box .{0,40}(?:here|available|exist)',
    ),
    why: 'RFC 5321 550; Hotmail, GMX and SES mean an unknown user by it; qmail, vpopmail',
    unless: /busy|access denied|storage|try again/,
  },
  {
    name: 'nobody-here',
    category: 'mailbox-does-not-exist',
    pattern: anyOf(
      String.raw`no(?:body| one|-one| account| user| person| recipient| member) (?:\S{1,40} ){0,3}${oneOf(
        '(?:at|by|with|on) (?:this|that)|here|known',
      )}`,
      String.raw`(?:doesn't|does not) have an? (?:\S{1,80} )?(?:account|mailbox)|recipient cannot be verified`,
      'has no (?:mailbox|account)',
      String.raw`\bno such (?:user|recipient|person|mailbox|address|account|local|alias|login|name)`,
      String.raw`no matches? (?:to nameserver|found)|no (?:\S{1,60} )?in name directory`,
      'user missing home directory|not (?:our|a) (?:user|recipient) (?:here|at|on)|not our (?:user|customer)',
      String.raw`not a (?:valid|known) (?:\w{1,20} )?user|is not a (?:user|recipient)\b|not known (?:here|at this)`,
      String.raw`unknown in (?:\w{1,20} ){0,4}table`,
      String.raw`not (?:listed|found) in (?:\S{1,30} ){0,4}(?:directory|table|list|database|address book)`,
      'not present in directory|not (?:local|a local) (?:user|address|recipient)',
      'user(?:_| )?(?:not(?:_| )?found|unknown)|recip(?:ient)? ?notfound|recipient(?:name)?notfound',
      'badrcptto|bad_recipient|in my bad(?:rcptto|recipientto)|not in my validrcptto',
      'err_user_unknown|invalid-recipient|addressee unknown',
    ),
    why: 'qmail, vpopmail, Yahoo, Domino, Exchange, CCSO, MDaemon, Cyrus, Unisender',
    unless: /\b(?:ip|sender|client|host|server|domain|command)\b[^.;]{0,40}\bnot (?:listed|found|known)/,
  },
  {
    name: 'address-rejected',
    category: 'mailbox-does-not-exist',
    pattern: anyOf(
      String.raw`(?<!sender )\baddress rejected(?: <>)?(?:\.|$|\(| \(in reply)`,
      String.raw`recipient address rejected: ?(?:<>|[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})? ?(?:\[rcpt_to\]|\(in reply|$)`,
      String.raw`recipients? (?:was |were |is )?(?:rejected|not accepted|not ok)(?:\.|$| \()`,
    ),
    why: 'Refused at RCPT without another word; vetoes have been asked (IronPort, Postfix maps, AOL)',
    status: /^5\.(?:1\.[01]|0\.0|5\.0)$/,
    unless: /sender|from|access denied/,
  },
  {
    name: 'microsoft-edge-block',
    category: 'mailbox-does-not-exist',
    pattern: /recipient address(?:es)? rejected ?: access denied/,
    status: /^5\.4\.1$/,
    why: 'Microsoft 365 blocks unknown recipients at its edge with these words',
  },
  {
    name: 'microsoft-unknown',
    category: 'mailbox-does-not-exist',
    pattern: anyOf(
      String.raw`resolver\.adr\.(?:ex)?recip|wasn't found at|returned unknown recipient`,
      'recipient not found by smtp address lookup',
      "e-?mail address (?:was not found|couldn't be found|wasn't found|you entered)",
    ),
    why: 'Exchange and Microsoft 365: 5.1.1, 5.1.10, 5.1.351',
  },
  {
    name: 'unknown-in-other-languages',
    category: 'mailbox-does-not-exist',
    pattern: anyOf(...unknownUser),
    why: 'The same in some twenty languages',
    unless: anyOf(...unknownServer),
  },
]

/** What still says something where neither a veto nor a verdict did. */
export const weakVerdicts: readonly WordingRule[] = [
  {
    name: 'moved',
    category: 'other-permanent',
    pattern: /has moved|no forwarding address|user not local; please try|no longer (?:at|with|on|works)/,
    why: 'RFC 3463 X.1.6: there was such a person',
  },
  {
    name: 'unroutable-address',
    category: 'other-permanent',
    pattern: /unrout(?:e)?able address/,
    why: 'Exim: an unknown local user or an unroutable domain, and no way to tell',
  },
  {
    name: 'refused',
    category: 'policy-or-spam',
    pattern: anyOf(
      String.raw`access denied|permission denied|do not have permission|\bdenied\b|service refus`,
      String.raw`\bsecurity\b|prohibit|\bforbidden\b`,
      String.raw`complaint|restrict|attachment|\bbulk\b|content is not|not accepted|refused by`,
      'rejected (?:by|due|because|for)',
      '(?:message|mail|e-?mail|transaction) (?:was |has been |is )?(?:rejected|refused)|mail rejet',
      String.raw`unacceptable|\bgo away\b|no smtp service|cannot accept|not (?:allowed|permitted)`,
    ),
    why: 'A refusal by decision, without saying which',
  },
  {
    name: 'try-again',
    category: 'temporary',
    pattern: anyOf(
      String.raw`(?:try|resend|send) (?:\w{1,12} ){0,2}(?:again )?(?:later|in (?:a few|some))|temporar`,
      'deferred|insufficient system|over ?loaded',
    ),
    why: 'Said about now',
    unless: /5\.[17]\.\d/,
  },
  {
    name: 'no-valid-recipients',
    category: 'mailbox-does-not-exist',
    pattern: /no valid recipients?/,
    why: 'What is left when every RCPT was refused and no reason is quoted',
    unless: /host|domain|sender/,
  },
]
