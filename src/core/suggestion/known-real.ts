/**
 * Real domains that are never questioned, nor their sub-domains: a data table, from general knowledge. What it
 * needs most are names close to a target; names that are mostly typed by mistake do not belong in it.
 */
const NAMES: readonly string[] = [
  // Free mail and alias domains
  'prontomail.com earthling.net hockeymail.com flashmail.com mail2world.com mailinator.com guerrillamail.com yopmail.com',
  'mailfence.com runbox.com disroot.org riseup.net startmail.com ctemplar.com countermail.com kolabnow.com migadu.com tuta.com',
  'tuta.io tutamail.com tutanota.de keemail.me duck.com simplelogin.com anonaddy.com addy.io mozmail.com',
  'privaterelay.appleid.com passmail.net posteo.net posteo.eu systemli.org web.com mail.ee mail.kz mail.ua mail.by mail.com.tr',
  'internet.ru xaker.ru iname.com europe.com asia.com engineer.com consultant.com writeme.com techie.com cheerful.com',
  'accountant.com dr.com myself.com mailcity.com mailandnews.com bigfoot.com altavista.com canada.com',
  'gmx.biz gmx.info gmx.org gmx.li gmx.tm gmx.ph gmx.sg gmx.hk gmx.ru gmx.pt gmx.it gmx.ie gmx.se gmx.tw gmx.com.br',
  'yahoo.net yahoo.id yahoo.ae yahoo.lt yahoo.lv yahoo.com.kh yahoo.co.il yahoo-inc.com yahooinc.com y7mail.com qqmail.com',
  'googlegroups.com google.co.uk google.de youtube.com microsoft.com office.com office365.com onmicrosoft.com skype.com',
  'passport.com webtv.net angelfire.com geocities.com myspace.com netscape.com compuserve.com cs.com wow.com love.com games.com',
  'tiscali.de tiscali.fr freenet.co.uk freeuk.com freemail.gr freemail.it hush.com hush.ai safe-mail.net vfemail.net',
  'zohomail.com zohomail.eu zohomail.in zohocorp.com mailo.com net-c.com caramail.com netcourrier.com',
  // Access providers
  'bresnan.net nvbell.net telkom.net telkom.co.id iprimus.com.au tele2.se tele2.com telia.se telenor.no telefonica.com',
  'telefonica.es telecom.com.ar telecomitalia.it tim.it wind.it o2online.de vodafone.com vodafone.co.uk vodafone.es',
  'vodafone.pt vodafone.ie orange.com orange.es orange.pl orange.be orange.sk orange.net wanadoo.es wanadoo.nl wanadoo.co.uk',
  'sky.it sky.de sky.uk btconnect.com virgin.com virginmobile.com talktalk.co.uk ee.co.uk three.co.uk o2.com telstra.com',
  'optus.com.au comcast.com xfinity.com att.com verizon.com cox.com charter.com spectrum.net centurylink.com lumen.com rr.com',
  'bell.ca bellaliant.net telus.com videotron.com sprint.com t-mobile.com t-mobile.de telekom.de telekom.com gci.net ptd.net',
  'q.com fuse.net epix.net bellatlantic.net earthlink.com netzero.com',
  // Companies, media and services with a name like a mail domain's
  'softbank.jp on.net gmat.com grail.com libera.it goal.com bigpoint.com medscape.com hotels.com hotel.de hotwire.com hotstar.com hotjar.com hotmart.com tmall.com email.arizona.edu',
  'mailchimp.com mailgun.com mailgun.net mailjet.com mailerlite.com sendinblue.com sendgrid.com postmarkapp.com sparkpost.com',
  'apple.com cloud.com mixcloud.com soundcloud.com hicloud.com nextcloud.com owncloud.com livenation.com livejournal.com',
  'pplive.com aon.com ms.com man.com mars.com macys.com fox.com box.com ikea.com gm.com gap.com yale.edu yandex.net',
  'yandex-team.ru 360.com 188.com 263.net sina.cn sina.com.cn libero.com liberty.com terra.com terra.cl uol.com uol.com.ar wp.com',
]

export const KNOWN_REAL: ReadonlySet<string> = new Set(NAMES.flatMap((line) => line.split(' ')))
