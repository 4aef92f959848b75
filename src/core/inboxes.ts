// Where a mailbox of a large provider is opened in a browser; `{from}` stands for the sender that is searched for.
// Gmail's search is the one that growth.design/sniper-link describes; no provider documents its own. The others have
// none that can be linked to: their inbox.

export type Inbox = {
  readonly name: string
  readonly url: string
  /** `yahoo.*`: under every country's ending. */
  readonly domains: readonly string[]
}

const gmailSearch = '#search/from%3A({from})+in%3Aanywhere+newer_than%3A2d'
const yahooSearch = '/d/search/keyword=from%253A{from}'

export const inboxes: readonly Inbox[] = [
  {
    name: 'Gmail',
    url: `https://mail.google.com/mail/u/0/${gmailSearch}`,
    domains: ['gmail.com', 'googlemail.com'],
  },
  {
    name: 'Outlook',
    url: 'https://outlook.live.com/mail/0/inbox',
    domains: ['outlook.*', 'hotmail.*', 'live.*', 'msn.com', 'passport.com'],
  },
  { name: 'Yahoo Japan', url: 'https://mail.yahoo.co.jp/', domains: ['yahoo.co.jp', 'ymail.ne.jp'] },
  {
    name: 'Yahoo',
    url: `https://mail.yahoo.com${yahooSearch}`,
    domains: ['yahoo.*', 'ymail.com', 'rocketmail.com'],
  },
  { name: 'AOL', url: `https://mail.aol.com${yahooSearch}`, domains: ['aol.*'] },
  { name: 'iCloud', url: 'https://www.icloud.com/mail', domains: ['icloud.com', 'me.com', 'mac.com'] },
  { name: 'GMX', url: 'https://www.gmx.net/', domains: ['gmx.net', 'gmx.de', 'gmx.at', 'gmx.ch'] },
  { name: 'GMX', url: 'https://www.gmx.com/', domains: ['gmx.com', 'gmx.co.uk', 'gmx.us'] },
  { name: 'WEB.DE', url: 'https://web.de/', domains: ['web.de'] },
  { name: 'T-Online', url: 'https://email.t-online.de/', domains: ['t-online.de', 'magenta.de'] },
  { name: 'freenet', url: 'https://webmail.freenet.de/', domains: ['freenet.de'] },
  {
    name: 'Proton Mail',
    url: 'https://mail.proton.me/u/0/all-mail#from={from}',
    domains: ['proton.me', 'protonmail.com', 'pm.me'],
  },
  { name: 'Fastmail', url: 'https://app.fastmail.com/mail/Inbox/', domains: ['fastmail.com', 'fastmail.fm'] },
  { name: 'Zoho Mail', url: 'https://mail.zoho.com/', domains: ['zoho.com', 'zohomail.com'] },
  { name: 'Orange', url: 'https://mail.orange.fr/', domains: ['orange.fr', 'wanadoo.fr'] },
  { name: 'Free', url: 'https://zimbra.free.fr/', domains: ['free.fr'] },
  { name: 'SFR', url: 'https://webmail.sfr.fr/', domains: ['sfr.fr', 'neuf.fr'] },
  { name: 'La Poste', url: 'https://www.laposte.net/', domains: ['laposte.net'] },
  { name: 'Libero', url: 'https://mail.libero.it/', domains: ['libero.it'] },
  { name: 'UOL', url: 'https://email.uol.com.br/', domains: ['uol.com.br'] },
  { name: 'BOL', url: 'https://email.bol.uol.com.br/', domains: ['bol.com.br'] },
  { name: 'Terra', url: 'https://mail.terra.com.br/', domains: ['terra.com.br'] },
  { name: 'Яндекс', url: 'https://mail.yandex.ru/', domains: ['yandex.*', 'ya.ru'] },
  { name: 'Mail.ru', url: 'https://e.mail.ru/inbox/', domains: ['mail.ru', 'bk.ru', 'inbox.ru', 'list.ru'] },
  { name: 'Seznam', url: 'https://email.seznam.cz/', domains: ['seznam.cz', 'email.cz', 'post.cz'] },
  { name: 'WP', url: 'https://poczta.wp.pl/', domains: ['wp.pl'] },
  { name: 'Onet', url: 'https://poczta.onet.pl/', domains: ['onet.pl', 'op.pl'] },
  { name: 'Naver', url: 'https://mail.naver.com/', domains: ['naver.com'] },
  { name: 'QQ', url: 'https://mail.qq.com/', domains: ['qq.com', 'foxmail.com'] },
  { name: '163', url: 'https://mail.163.com/', domains: ['163.com'] },
  { name: 'docomo', url: 'https://mail.smt.docomo.ne.jp/', domains: ['docomo.ne.jp'] },
]

/** The same with the sender in its place, as a part of an address in a browser. */
export function inboxesFor(from: string): readonly Inbox[] {
  const once = encodeURIComponent(from)
  return inboxes.map((inbox) => ({
    ...inbox,
    url: inbox.url.replace('{from}', inbox.url.includes('%253A') ? encodeURIComponent(once) : once),
  }))
}
