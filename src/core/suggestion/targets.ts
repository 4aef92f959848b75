/**
 * The mail domains that people mean: a data table, from general knowledge of the world's mail providers. The
 * number is the rough share of consumer addresses in per mille; only its order of magnitude matters.
 */

export type Brand = {
  name: string
  /** `one`: the brand lives at its listed domains only, so the same name under another ending is a slip.
   *  `many`: it lives in many countries, so another country's ending is left alone. */
  homes: 'one' | 'many'
  /** Live endings, other than countries, under which the brand has no home: typed for .com. */
  slips?: string
  /** The country whose people use its domains of no country. */
  home?: string
  /** Ending and share, parted by spaces: `com 300 co.uk 6`. */
  domains: string
}

export const BRANDS: readonly Brand[] = [
  { name: 'gmail', homes: 'one', domains: 'com 380' },
  { name: 'googlemail', homes: 'one', domains: 'com 6' },
  { name: 'icloud', homes: 'one', domains: 'com 25' },
  {
    name: 'hotmail',
    homes: 'many',
    slips: 'net org',
    domains:
      'com 95 fr 9 co.uk 8 it 6 es 4 de 4 com.br 4 com.ar 2 nl 2 be 1 ca 1 se 1 ch 0.5 dk 0.5 no 0.5 fi 0.4 gr 0.4 ' +
      'cl 0.4 com.mx 0.3 com.tr 0.4 com.au 0.4 co.jp 0.4 co.th 0.3 co.nz 0.2 co.za 0.2 co.il 0.2 my 0.1 sg 0.1 ' +
      'rs 0.1 hu 0.1 cz 0.1 sk 0.1 com.tw 0.1 com.hk 0.1 com.pe 0.1 lt 0.1 lv 0.1 ee 0.1 com.vn 0.1',
  },
  {
    name: 'yahoo',
    homes: 'many',
    domains:
      'com 110 co.uk 8 fr 8 co.in 6 com.br 6 it 5 de 5 es 4 ca 3 com.ar 3 in 3 com.mx 3 co.jp 4 com.au 2 com.tw 2 ' +
      'co.id 2 com.ph 1 com.vn 1 com.hk 1 com.sg 0.6 com.my 0.4 gr 0.6 ro 0.6 pl 0.4 se 0.4 dk 0.3 no 0.3 nl 0.3 ' +
      'ie 0.4 be 0.2 at 0.2 ch 0.2 co.nz 0.3 co.za 0.2 co.kr 0.2 co.th 0.2 com.tr 0.3 cl 0.2 com.co 0.2 com.pe 0.2 ' +
      'com.ve 0.2 com.cn 0.3 cn 0.2 pt 0.1 hu 0.1 cz 0.1 fi 0.1',
  },
  {
    name: 'outlook',
    homes: 'many',
    domains:
      'com 45 fr 2 es 1 de 2 it 1 com.br 2 pt 0.5 be 0.3 dk 0.2 cl 0.2 com.ar 0.2 com.au 0.3 jp 0.3 in 0.3 co.id 0.2 ' +
      'co.th 0.1 com.tr 0.1 com.vn 0.1 my 0.1 sg 0.1 ph 0.1 kr 0.1 ie 0.2 cz 0.1 hu 0.1 sa 0.1 com.gr 0.1',
  },
  {
    name: 'live',
    homes: 'many',
    domains:
      'com 16 fr 3 co.uk 3 nl 2 it 1 de 1 be 0.6 com.au 0.8 ca 0.8 se 0.4 dk 0.4 no 0.4 com.mx 0.5 com.ar 0.3 cl 0.3 ' +
      'com.pt 0.3 cn 0.2 in 0.3 jp 0.1 ie 0.2 at 0.2 co.za 0.2 com.sg 0.1 com.my 0.1 com.ph 0.1 hk 0.1 ru 0.1',
  },
  { name: 'msn', homes: 'many', domains: 'com 9 nl 0.1' },
  {
    name: 'aol',
    homes: 'many',
    domains: 'com 25 co.uk 1 de 1 fr 0.6 it 0.2 com.br 0.1 com.au 0.1',
  },
  {
    name: 'gmx',
    homes: 'many',
    home: 'de',
    domains: 'de 8 net 4 at 1 ch 0.8 com 2 fr 0.4 co.uk 0.2 us 0.1 es 0.1 eu 0.1',
  },
  { name: 'yandex', homes: 'many', domains: 'ru 8 com 1 ua 0.2 by 0.3 kz 0.3 com.tr 0.2' },
  { name: 'ymail', homes: 'many', domains: 'com 4' },
  { name: 'rocketmail', homes: 'many', domains: 'com 1.5' },
  { name: 'windowslive', homes: 'many', domains: 'com 0.6' },
  { name: 'protonmail', homes: 'many', domains: 'com 3 ch 0.3' },
  { name: 'proton', homes: 'many', domains: 'me 2.5' },
  { name: 'zoho', homes: 'many', domains: 'com 0.6' },
  { name: 'virgin', homes: 'many', domains: 'net 0.4' },
]

export type Region = {
  /** The country whose people use those domains whose ending names none; null for all the world's. */
  home: string | null
  /** Domain and share, parted by spaces. */
  domains: readonly string[]
}

export const REGIONS: readonly Region[] = [
  {
    home: null,
    domains: [
      'me.com 4 mac.com 3 mail.com 5 inbox.com 0.2 lycos.com 0.2 fastmail.com 0.5 fastmail.fm 0.2 tutanota.com 0.3 pm.me 0.4',
      'hey.com 0.2 facebook.com 0.5 google.com 0.6 excite.com 0.2 email.com 0.4 usa.com 0.2 post.com 0.1 mailbox.org 0.4',
      'hushmail.com 0.3',
    ],
  },
  // North America
  {
    home: 'us',
    domains: [
      'comcast.net 7 att.net 4 verizon.net 3 sbcglobal.net 4 bellsouth.net 2.5 cox.net 2 charter.net 1.5 earthlink.net 1',
      'aim.com 1 juno.com 0.8 netzero.net 0.5 optonline.net 1 roadrunner.com 0.5 windstream.net 0.4 frontier.com 0.4',
      'frontiernet.net 0.3 centurylink.net 0.4 centurytel.net 0.3 embarqmail.com 0.3 suddenlink.net 0.2 mindspring.com 0.3',
      'pacbell.net 0.4 ameritech.net 0.3 swbell.net 0.3 prodigy.net 0.2 snet.net 0.1 twc.com 0.2 tds.net 0.1 rcn.com 0.1',
      'usa.net 0.2 cableone.net 0.2 netscape.net 0.3 peoplepc.com 0.1 hughes.net 0.1 wowway.com 0.1 mchsi.com 0.1',
    ],
  },
  {
    home: 'ca',
    domains: [
      'rogers.com 1 shaw.ca 1.5 sympatico.ca 1.5 telus.net 0.8 bell.net 0.6 videotron.ca 0.8 cogeco.ca 0.3 eastlink.ca 0.2',
      'sasktel.net 0.2 mts.net 0.2 nb.sympatico.ca 0.05',
    ],
  },
  // United Kingdom and Ireland
  {
    home: 'gb',
    domains: [
      'btinternet.com 4 sky.com 3 virginmedia.com 2 ntlworld.com 1.5 talktalk.net 1.5 tiscali.co.uk 1 blueyonder.co.uk 1',
      'btopenworld.com 0.3 bt.com 0.2 talk21.com 0.2 o2.co.uk 0.2 freeserve.co.uk 0.3 plusnet.com 0.1',
    ],
  },
  { home: 'ie', domains: ['eircom.net 0.4'] },
  // Germany, Austria, Switzerland
  {
    home: 'at',
    domains: [
      'web.de 9 t-online.de 5 freenet.de 2 arcor.de 1 online.de 0.5 aol.de 0.4 1und1.de 0.1 mail.de 0.5 posteo.de 0.5',
      'vodafone.de 0.4 kabelmail.de 0.1 unitybox.de 0.1 email.de 0.2 unity-mail.de 0.05 aon.at 0.4 chello.at 0.2',
      'a1.net 0.1 utanet.at 0.05 bluewin.ch 1 sunrise.ch 0.1 hispeed.ch 0.3',
    ],
  },
  // France, Belgium, Netherlands, Luxembourg
  {
    home: 'fr',
    domains: [
      'orange.fr 9 wanadoo.fr 7 free.fr 7 sfr.fr 4 laposte.net 4 neuf.fr 2 bbox.fr 1 numericable.fr 0.4 aliceadsl.fr 0.4',
      'club-internet.fr 0.4 cegetel.net 0.2 voila.fr 0.4 noos.fr 0.2 9online.fr 0.1 telenet.be 1.5 skynet.be 1',
      'proximus.be 0.4 pandora.be 0.2 scarlet.be 0.1 voo.be 0.1 ziggo.nl 0.8 kpnmail.nl 0.5 planet.nl 0.6 home.nl 0.5',
      'xs4all.nl 0.5 hetnet.nl 0.5 upcmail.nl 0.2 chello.nl 0.3 zonnet.nl 0.3 tele2.nl 0.1 casema.nl 0.1 quicknet.nl 0.1',
      'pt.lu 0.1',
    ],
  },
  // Italy, Spain, Portugal, Greece
  {
    home: 'es',
    domains: [
      'libero.it 9 virgilio.it 3 alice.it 3 tin.it 1.5 tiscali.it 2 fastwebnet.it 0.6 inwind.it 0.5 iol.it 0.3 email.it 0.4',
      'teletu.it 0.1 vodafone.it 0.1 aruba.it 0.2 pec.it 0.2 poste.it 0.2 telefonica.net 0.5 terra.es 0.3 ono.com 0.2',
      'movistar.es 0.1 sapo.pt 0.8 otenet.gr 0.3 forthnet.gr 0.1',
    ],
  },
  // Northern Europe
  {
    home: 'se',
    domains: [
      'telia.com 0.6 bredband.net 0.2 comhem.se 0.2 spray.se 0.2 online.no 0.5 tdcadsl.dk 0.1 mail.dk 0.3 jubii.dk 0.1',
      'stofanet.dk 0.1 kolumbus.fi 0.1 elisanet.fi 0.1 suomi24.fi 0.1 inbox.lv 0.3 inbox.lt 0.1 hot.ee 0.1',
    ],
  },
  { home: 'fi', domains: ['luukku.com 0.2'] },
  // Eastern Europe and Russia
  { home: 'ua', domains: ['ukr.net 1 i.ua 0.3 meta.ua 0.3'] },
  {
    home: 'ru',
    domains: ['mail.ru 12 bk.ru 1 list.ru 1 inbox.ru 1 rambler.ru 2 ya.ru 1 tut.by 0.2'],
  },
  {
    home: 'pl',
    domains: [
      'wp.pl 3 onet.pl 1.5 o2.pl 1.5 interia.pl 1 onet.eu 0.5 poczta.onet.pl 0.5 op.pl 0.5 gazeta.pl 0.4 vp.pl 0.4',
      'tlen.pl 0.2',
    ],
  },
  {
    home: 'si',
    domains: [
      'seznam.cz 2.5 email.cz 0.5 centrum.cz 0.6 post.cz 0.3 volny.cz 0.3 atlas.cz 0.2 azet.sk 0.3 centrum.sk 0.2',
      'zoznam.sk 0.2 freemail.hu 0.8 citromail.hu 0.4 t-online.hu 0.2 abv.bg 0.8 mail.bg 0.2 siol.net 0.2 net.hr 0.2',
    ],
  },
  // Latin America
  {
    home: 'br',
    domains: [
      'uol.com.br 4 bol.com.br 3 terra.com.br 3 ig.com.br 2 globo.com 0.6 globomail.com 0.2 r7.com 0.2 oi.com.br 0.2',
      'zipmail.com.br 0.1',
    ],
  },
  {
    home: 've',
    domains: [
      'prodigy.net.mx 0.3 fibertel.com.ar 0.4 arnet.com.ar 0.2 speedy.com.ar 0.2 ciudad.com.ar 0.1 adinet.com.uy 0.1',
      'une.net.co 0.1 cantv.net 0.2',
    ],
  },
  // Asia
  {
    home: 'cn',
    domains: [
      'qq.com 14 163.com 8 126.com 3 sina.com 1 sohu.com 0.6 139.com 0.5 yeah.net 0.4 foxmail.com 0.6 aliyun.com 0.4',
      '21cn.com 0.1 vip.qq.com 0.1',
    ],
  },
  { home: 'in', domains: ['rediffmail.com 4 rediff.com 0.1 indiatimes.com 0.2 sify.com 0.2'] },
  { home: 'kr', domains: ['naver.com 2.5 hanmail.net 1 daum.net 0.6 nate.com 0.4'] },
  {
    home: 'jp',
    domains: [
      'docomo.ne.jp 0.8 ezweb.ne.jp 0.6 softbank.ne.jp 0.4 i.softbank.jp 0.2 au.com 0.1 nifty.com 0.3',
    ],
  },
  { home: 'il', domains: ['walla.co.il 0.4 walla.com 0.2 bezeqint.net 0.1 netvision.net.il 0.2'] },
  { home: 'tr', domains: ['mynet.com 0.3'] },
  { home: 'tw', domains: ['hinet.net 0.2 pchome.com.tw 0.1'] },
  { home: 'sg', domains: ['singnet.com.sg 0.1'] },
  { home: 'hk', domains: ['netvigator.com 0.1'] },
  { home: 'ae', domains: ['emirates.net.ae 0.1 maktoob.com 0.1'] },
  // Australia, New Zealand, Africa
  {
    home: 'au',
    domains: [
      'bigpond.com 2 bigpond.net.au 0.5 optusnet.com.au 1 iinet.net.au 0.4 tpg.com.au 0.2 ozemail.com.au 0.2',
      'dodo.com.au 0.1 internode.on.net 0.1',
    ],
  },
  { home: 'nz', domains: ['xtra.co.nz 0.8 slingshot.co.nz 0.1'] },
  { home: 'za', domains: ['telkomsa.net 0.2 mweb.co.za 0.2 webmail.co.za 0.1 vodamail.co.za 0.1'] },
]
