import { oneOf } from './any-of.ts'

/**
 * How a server that does not speak English says that there is no such mailbox. Letters with marks are matched
 * loosely (`.{1,2}`): on their way through SMTP they turn into `ae`, `?` or two bytes. Lower case.
 */
type Tongue = {
  /** What a mailbox or its owner is called. */
  box: string
  /** Said after it. */
  gone: string
  /** Said before it. */
  noSuch: string
}

const latin: readonly Tongue[] = [
  // German
  {
    box: 'benutzer|nutzer|empf.{1,2}nger|adressat|adresse|e?-?mail-?adresse|postfach|konto|teilnehmer',
    gone: 'unbekannt|existiert nicht|nicht (?:gefunden|vorhanden|bekannt|existent)|konnte nicht gefunden|ung.{1,2}ltig|gibt es nicht',
    noSuch: 'unbekannte[rs]?|ung.{1,2}ltige[rs]?|keine?n?(?: solche[rsn]?)?',
  },
  // French
  {
    box: 'utilisateur|destinataire|adresse|bo.{1,2}te|compte',
    gone: "inconnu|invalide|introuvable|inexistant|n'existe|n'a pas .{1,2}t.{1,2} trouv|non trouv",
    noSuch: "aucune?|pas de|il n'y a pas d'",
  },
  // Spanish
  {
    box: 'usuario|destinatario|buz.{1,2}n|casilla|cuenta|correo|direcci.{1,2}n',
    gone: 'no existe|no (?:se |fue |ha )?(?:ha |sido |pudo )?encontr|desconocid|inexistente|inv.{1,2}lid|no v.{1,2}lid',
    noSuch: 'no existe|no se (?:ha )?encontr(?:ado|.{1,2})|no hay',
  },
  // Portuguese
  {
    box: 'usu.{1,2}rio|destinat.{1,2}rio|conta|caixa|endere.{1,2}o',
    gone: 'n.{1,2}o existe|n.{1,2}o (?:foi )?encontrad|desconhecid|inexistente|inv.{1,2}lid|n.{1,2}o cadastrad',
    noSuch: 'n.{1,2}o existe|nenhuma?',
  },
  // Italian
  {
    box: 'utente|destinatario|casella|indirizzo',
    gone: 'sconosciut|non esiste|inesistente|non (?:.{1,2} )?(?:stat[oa] )?trovat|non valid',
    noSuch: 'nessun[ao]?|non esiste',
  },
  // Dutch
  {
    box: 'gebruiker|ontvanger|(?:e-?mail-?)?adres|postbus|mailbox',
    gone: 'niet gevonden|bestaat niet|onbekend|ongeldig',
    noSuch: 'onbekende?|ongeldige?|geen',
  },
  // Polish
  {
    box: 'u.{1,2}ytkownik|adresat|odbiorc|skrzynk|konto|adres',
    gone: 'nie istnieje|nieznan|nie zosta.{1,4} znalezion|nie znaleziono',
    noSuch: 'nie ma (?:takiego|takiej)|nieznan[ya]|nie znaleziono',
  },
  // Czech and Slovak
  {
    box: 'u.{1,2}.?vatel|p.{1,2}.?jemce|schr.{1,2}nk|adresa',
    gone: 'neexistuje|nezn.{1,2}m|nenalezen|nebyl[ao]? nalezen',
    noSuch: 'nezn.{1,2}m.{1,2}',
  },
  // Swedish, Danish, Norwegian
  {
    box: 'anv.{1,2}ndare|mottagare|adresse|brevl.{1,2}da|bruger|modtager|postkasse|bruker|mottaker|konto',
    gone: 'finns inte|hittades inte|ok.{1,2}nd|findes ikke|ble(?:v)? ikke funde?t|ukendt|finnes ikke|ukjent',
    noSuch: 'ok.{1,2}nda?|ukendte?|ukjente?',
  },
  // Finnish, Hungarian, Romanian, Turkish
  {
    box: 'k.{1,2}ytt.{1,2}j|vastaanottaj|osoite',
    gone: 'ei l.{1,2}ydy|tuntematon|ei ole olemassa',
    noSuch: 'tuntematon',
  },
  { box: 'felhaszn.{1,2}l|c.{1,2}mzett', gone: 'ismeretlen|nem l.{1,2}tezik', noSuch: 'ismeretlen' },
  { box: 'utilizator|destinatar|adresa', gone: 'necunoscut|nu exist|inexistent', noSuch: 'nu exist.{1,2}' },
  {
    box: 'kullan.{1,2}c|al[iı?]c[iı?]|adres|hesap|posta kutusu',
    gone: 'bulunamad|yok|ge.{1,2}ersiz',
    noSuch: 'b.{1,2}yle bir|ge.{1,2}ersiz',
  },
]
const other: readonly Tongue[] = [
  // Russian, Ukrainian, Greek
  {
    box: 'пользовател|адрес|ящик|получател',
    gone: 'не найден|не существует|неизвест|не зарегистрирован',
    noSuch: 'нет(?: такого)?|неизвестный',
  },
  {
    box: 'користувач|одержувач|адрес|скриньк',
    gone: 'не знайден|не існує|невідом',
    noSuch: 'немає(?: такого)?|невідомий',
  },
  { box: 'χρ[ήη]στη|παραλ[ήη]πτη', gone: '[άα]γνωστ|δεν υπ[άα]ρχει', noSuch: '[άα]γνωστο[ςσ]' },
  // Japanese, Chinese, Korean
  {
    box: 'アドレス|宛先|ユーザ|受信者|メールボックス|あて先',
    gone: '見つかりません|存在し|不明|ありません',
    noSuch: '存在しない',
  },
  {
    box: '用户|用戶|使用者|收件人|邮箱|郵箱|信箱|帐号|帳號|账号|地址',
    gone: '不存在|无效|無效|未找到|找不到',
    noSuch: '找不到|未找到|没有|沒有',
  },
  {
    box: '사용자|수신자|받는 ?사람|계정|주소',
    gone: '찾을 수 없|존재하지 ?않|없는|없습니다',
    noSuch: '존재하지 ?않는|없는|알 수 없는',
  },
]

const NEAR = '[^.;:。]{0,60}'
/** Between "no" and the mailbox only such words: "keine Berechtigung für dieses Postfach" is another thing. */
const SUCH = `(?:${oneOf(
  'solche[rsn]?|el|la|un|una|o|os?t[ea]|es[ea]|ess[ea]|dich[ao]|tal|il|quest[oa]|cet(?:te)?|ce|takiego|takiej|такого',
  'ett?|en|den|det|het|een|deze|dit|un.{1,2}',
)} ){0,2}`

/** "No such mailbox" in other languages than English. */
export const unknownUser: readonly string[] = [
  ...latin.map(({ box, gone }) => String.raw`\b(?:${box})${NEAR}\b(?:${gone})`),
  ...latin.map(({ box, noSuch }) => String.raw`\b(?:${noSuch}) ${SUCH}(?:${box})`),
  ...other.map(({ box, gone }) => `(?:${box})[^.;:。]{0,40}(?:${gone})`),
  ...other.map(({ box, noSuch }) => `(?:${noSuch}) ?(?:такого )?(?:${box})`),
  '^(?:5[0-9]{2} )?inexistente',
]

/** A server that was not found is no mailbox, even where the recipient's name stands beside it. */
export const unknownServer: readonly string[] = [
  ...latin.map(({ gone }) => String.raw`(?:server|serveur|servidor)\b${NEAR}\b(?:${gone})`),
  `сервер${NEAR}(?:не найден|не существует|неизвест)`,
  '(?:サーバ|服务器|伺服器|서버)[^.;:。]{0,20}(?:見つかり|存在し|不存在|找不到|찾을 수)',
]

/** The same said of the sender: German, French, Spanish, Portuguese, Italian, Dutch, Polish, Nordic, Turkish … */
export const senderRefused: readonly string[] = [
  String.raw`\babsender${NEAR}(?:abgelehnt|nicht|ung.{1,2}ltig|unbekannt|gesperrt)`,
  String.raw`\b(?:unbekannte|ung.{1,2}ltige|gesperrte)r? absender`,
  String.raw`(?:exp.{1,2}dit(?:eur|ion)|metteur\b)${NEAR}(?:inval|rejet|refus|inconnu|inexist|n'existe|bloqu)`,
  String.raw`\bremitente${NEAR}(?:no |inv.{1,2}lid|desconocid|rechaz|inexist|bloquead)`,
  String.raw`\bremetente${NEAR}(?:n.{1,2}o |inv.{1,2}lid|desconhecid|rejeitad|recusad|inexist|bloquead)`,
  String.raw`\bmittente${NEAR}(?:non |inval|sconosciut|rifiutat|inesist|bloccat)`,
  String.raw`\b(?:afzender${NEAR}(?:onbekend|geweigerd|niet|ongeldig)|onbekende afzender)`,
  String.raw`\bnadawc${NEAR}(?:nie|odrzuc)|\bodes.{1,2}.?latel${NEAR}(?:ne|odm.{1,2}t)`,
  String.raw`\b(?:avs.{1,2}ndar|afsender|avsender)\w{0,8}${NEAR}(?:finns inte|ok.{1,2}nd|ukendt|ukjent|avvis|afvis|ikke)`,
  String.raw`\bg.{1,2}nderen${NEAR}(?:bulunamad|ge.{1,2}ersiz|yok|red)`,
  `(?:отправител|відправник)${NEAR}(?:не |неизвест|отклон|невідом)`,
  '(?:送信者|差出人|送信元)[^。]{0,40}(?:存在し|見つかり|拒否|不明)',
  '(?:发件人|發件人|寄件人|寄件者)[^。]{0,40}(?:不存在|无效|無效|拒绝|拒絕|找不到)',
  '(?:보낸 ?사람|발신자|보내는 ?사람)[^.]{0,40}(?:찾을|없|존재|거부)',
]

const DOMAIN = String.raw`\b(?:dom\S{1,5}|rechner|alan ad.{1,2})`

/** "No such domain": domain, Domäne, domaine, dominio, domena, domein … */
export const unknownDomain: readonly string[] = [
  ...latin.map(({ gone }) => String.raw`${DOMAIN}[^;:。]{0,60}\b(?:${gone})`),
  String.raw`\b(?:unbekannte|ung.{1,2}ltige|nieznana|onbekend|ok.{1,2}nd|ukendt) (?:dom.{1,2}ne?|domain|domena|domein)\b`,
  `домен${NEAR}(?:не существует|не найден|неизвест)`,
  '(?:域名|网域|網域|ドメイン|도메인)[^。]{0,20}(?:不存在|无|無效|見つかり|存在し|찾을|없|존재)',
]

/** "The mailbox is full". */
export const boxFull: readonly string[] = [
  String.raw`\b(?:postfach|mailbox|konto|posteingang)${NEAR}(?:\bvoll|.{1,2}berf.{1,2}llt|.{1,2}berschritten)`,
  String.raw`zu ?viele (?:e-?)?(?:mails|nachrichten)|\b(?:speicherplatz|kontingent|quota)${NEAR}(?:.{1,2}berschritten|ersch.{1,2}pft)`,
  String.raw`\bbo.{1,2}te${NEAR}(?:pleine|satur)|quota (?:d.{1,2}pass|atteint)|espace (?:disque )?insuffisant`,
  String.raw`\b(?:buz.{1,2}n|casilla|cuenta|correo)${NEAR}llen[oa]\b|\bcuota ${NEAR}?(?:excedid|superad)`,
  String.raw`\b(?:caixa|conta)\b${NEAR}cheia|\bcota ${NEAR}?excedid`,
  String.raw`\bcasella${NEAR}piena|spazio (?:esaurito|insufficiente)|quota superata`,
  String.raw`\b(?:mailbox|postbus|postvak)${NEAR}\bvol\b|\bskrzynk${NEAR}(?:pe.{1,2}n|przepe)`,
  String.raw`\bbrevl.{1,2}da${NEAR}full|\bpost(?:kasse|boks)${NEAR}(?:fuld|full)|\bschr.{1,2}nk${NEAR}pln`,
  String.raw`\b(?:posta kutusu|kota)${NEAR}(?:dolu|a.{1,2}ld)`,
  '(?:ящик|скриньк)[^.;]{0,40}(?:переполнен|заполнен)|превышен.{0,30}(?:квот|лимит|размер)',
  'いっぱい|一杯|容量(?:を超|オーバー|超過|不足)|(?:邮箱|信箱|郵箱)(?:空间|空間)?已?[满滿]|空间不足|空間不足',
  '(?:메일함|편지함).{0,20}가득|용량(?:이|을)? ?(?:초과|부족)',
]

/** "The mailbox is disabled, blocked, closed". */
export const boxDisabled: readonly string[] = [
  String.raw`\b(?:konto|postfach|benutzer|empf.{1,2}nger)${NEAR}(?:gesperrt|deaktiviert|stillgelegt|gek.{1,2}ndigt)`,
  String.raw`\b(?:compte|bo.{1,2}te|utilisateur)${NEAR}(?:d.{1,2}sactiv|suspendu|bloqu|ferm.{1,2}|archiv|inactif|r.{1,2}sili)`,
  String.raw`\b(?:cuenta|usuario|buz.{1,2}n)${NEAR}(?:deshabilitad|desactivad|suspendid|bloquead|cancelad|inactiv)`,
  String.raw`\b(?:conta|usu.{1,2}rio|caixa)\b${NEAR}(?:desativad|suspens|bloquead|cancelad|inativ|encerrad)`,
  String.raw`\b(?:casella|account|utente)${NEAR}(?:disabilitat|disattivat|sospes|bloccat|chius)`,
  String.raw`\b(?:account|mailbox|postbus|gebruiker)${NEAR}(?:geblokkeerd|uitgeschakeld|opgeheven|gedeactiveerd)`,
  String.raw`\b(?:konto|skrzynk)${NEAR}(?:zablokowan|nieaktywn|zawieszon)|schr.{1,2}nk${NEAR}zablokov`,
  String.raw`\b(?:konto|anv.{1,2}ndare|bruger|bruker)${NEAR}(?:inaktiver|sp.{1,2}rra|avst.{1,2}ngt|deaktiver|sp.{1,2}rret)`,
  String.raw`\bhesap${NEAR}(?:devre d|ask.{1,2}ya|kapat)`,
  '(?:аккаунт|ящик|учетн|пользовател)[^.;]{0,40}(?:заблокирован|отключ[её]н|деактивирован|удал[её]н)',
  '(?:帐户|帐号|帳號|账号|账户|邮箱|用户)(?:已经?)?被?(?:停用|禁用|冻结|凍結|锁定|注销)',
  'アカウント.{0,10}(?:無効|停止)|(?:휴면|정지된|비활성) ?계정',
]
