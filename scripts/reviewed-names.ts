// What scripts/build-known-real.ts is told by people who know the names, and by nothing else.

/**
 * Real, and in no provider list, or close enough to a large provider to be taken for a squatter: services for aliases
 * and private mail, countries of the large brands, access providers, large companies and sites with such a name.
 */
export const READ_AS_REAL: ReadonlySet<string> = names(`
  disroot.org riseup.net startmail.com ctemplar.com countermail.com kolabnow.com migadu.com tuta.com tutamail.com
  keemail.me simplelogin.com anonaddy.com addy.io mozmail.com passmail.net systemli.org mailo.com web.com love.com
  gotmail.com mail.kz mail.ua internet.ru
  gmx.biz gmx.info gmx.org gmx.tm gmx.ph gmx.ru gmx.it gmx.se gmx.com.br yahoo.net yahoo.id yahoo.lt yahoo.lv
  yahoo.com.kh yahoo-inc.com yahooinc.com qqmail.com google.co.uk google.de youtube.com zohomail.eu zohomail.in
  zohocorp.com microsoft.com office.com office365.com onmicrosoft.com skype.com passport.com webtv.net myspace.com
  yandex.net yandex-team.ru
  tiscali.de tiscali.fr freenet.co.uk nvbell.net telkom.co.id tele2.se tele2.com telia.se telenor.no telefonica.com
  telefonica.es telecom.com.ar telecomitalia.it tim.it wind.it o2online.de o2.com vodafone.com vodafone.co.uk
  vodafone.es vodafone.pt vodafone.ie orange.com orange.es orange.pl orange.be orange.sk wanadoo.nl sky.it sky.de
  sky.uk virgin.com virginmobile.com ee.co.uk three.co.uk optus.com.au comcast.com xfinity.com att.com verizon.com
  charter.com spectrum.net centurylink.com lumen.com bell.ca bellaliant.net telus.com videotron.com sprint.com rr.com
  t-mobile.com t-mobile.de telekom.de telekom.com earthlink.com softbank.jp on.net 263.net 360.com sina.com.cn
  apple.com cloud.com hicloud.com mixcloud.com soundcloud.com nextcloud.com owncloud.com livenation.com livejournal.com
  gmat.com grail.com goal.com bigpoint.com libera.it liberty.com libero.com hotels.com hotel.de hotwire.com hotstar.com
  hotjar.com hotmart.com tmall.com mailchimp.com mailgun.com mailgun.net mailjet.com mailerlite.com sendinblue.com
  sendgrid.com postmarkapp.com sparkpost.com aon.com ms.com man.com mars.com macys.com fox.com box.com ikea.com gm.com
  gap.com uol.com wp.com one.pl
`)

/** Squatted beside a large provider, although the rule of the script lets them pass. */
export const READ_AS_TYPO: ReadonlySet<string> = names(`
  duam.net vahoo.com icousd.com h0tmaii.com gmaillk.com hormails.com zoutlook.com hotmeil.net
  gmaiil.top gmaail.icu gmaill.click gmaill.vn
`)

function names(text: string): Set<string> {
  return new Set(text.trim().split(/\s+/))
}
