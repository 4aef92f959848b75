import { describe, expect, test } from 'vitest'
import { readAddress } from '../../src/core/address.ts'
import { TARGETS } from '../../src/core/suggestion/target-list.ts'
import { makeSuggester, suggest, suggestDomain } from '../../src/core/suggestion.ts'

function suggestFor(email: string) {
  const reading = readAddress(email)
  if (reading.kind !== 'address') throw new Error(`${email} was refused: ${reading.detail}`)
  return suggest(reading.address)
}

describe('everyday slips', () => {
  test.each([
    ['gmial.com', 'gmail.com'],
    ['gamil.com', 'gmail.com'],
    ['gmai.com', 'gmail.com'],
    ['gnail.com', 'gmail.com'],
    ['gmail.co', 'gmail.com'],
    ['gmail.con', 'gmail.com'],
    ['gmail.cm', 'gmail.com'],
    ['gmail.om', 'gmail.com'],
    ['gmail.comm', 'gmail.com'],
    ['gmailc.om', 'gmail.com'],
    ['gmail', 'gmail.com'],
    ['gmailcom', 'gmail.com'],
    ['g.mail.com', 'gmail.com'],
    ['gmail.com.com', 'gmail.com'],
    ['gmail.net', 'gmail.com'],
    ['www.gmail.com', 'gmail.com'],
    ['GMIAL.COM', 'gmail.com'],
    ['googlemail.con', 'googlemail.com'],
    ['hotmial.co.uk', 'hotmail.co.uk'],
    ['hotmail.com.uk', 'hotmail.co.uk'],
    ['hotmail.couk', 'hotmail.co.uk'],
    ['hotmai.com', 'hotmail.com'],
    ['hotmail.cm', 'hotmail.com'],
    ['hotmail.net', 'hotmail.com'],
    ['hotmal.fr', 'hotmail.fr'],
    ['yaho.com', 'yahoo.com'],
    ['yahoo.con', 'yahoo.com'],
    ['yhoo.co.uk', 'yahoo.co.uk'],
    ['yaho.com.br', 'yahoo.com.br'],
    ['outlok.com', 'outlook.com'],
    ['outlook.co', 'outlook.com'],
    ['iclod.com', 'icloud.com'],
    ['protonmal.com', 'protonmail.com'],
    ['web.ed', 'web.de'],
    ['wbe.de', 'web.de'],
    ['gmx.dee', 'gmx.de'],
    ['t-onlin.de', 't-online.de'],
    ['freent.de', 'freenet.de'],
    ['wanado.fr', 'wanadoo.fr'],
    ['libero.ti', 'libero.it'],
    ['comcast.ent', 'comcast.net'],
    ['yandx.ru', 'yandex.ru'],
  ])('%s means %s', (typed, meant) => {
    expect(suggestDomain(typed)).toBe(meant)
  })

  test.each([
    ['company.con', 'company.com'],
    ['company.cmo', 'company.com'],
    ['company.ogr', 'company.org'],
    ['company.nett', 'company.net'],
    ['company.dee', 'company.de'],
    ['company.co.ukk', 'company.co.uk'],
    ['company.com.uk', 'company.co.uk'],
    ['companyc.om', 'company.com'],
    ['companycom', 'company.com'],
    ['mail.company.con', 'mail.company.com'],
  ])('%s has an ending that cannot be: %s', (typed, meant) => {
    expect(suggestDomain(typed)).toBe(meant)
  })
})

describe('real domains are left alone', () => {
  const providers = `gmail.com hotmail.com yahoo.com outlook.com icloud.com me.com mac.com aol.com live.com msn.com
    web.de gmx.de gmx.net gmx.at t-online.de freenet.de mail.ru bk.ru yandex.ru ya.ru wp.pl o2.pl libero.it tin.it
    uol.com.br bol.com.br ig.com.br qq.com 163.com 126.com naver.com orange.fr free.fr sfr.fr neuf.fr yahoo.co.in
    yahoo.com.br yahoo.co.uk hotmail.co.uk googlemail.com ymail.com mail.com email.com fastmail.com hey.com pm.me
    proton.me tuta.com posteo.de mailbox.org hushmail.com rediffmail.com bt.com sky.com cox.net att.net`
  const companies = `hp.com ibm.com go.com ge.com gm.com att.com bp.com bmw.de sap.com siemens.com bosch.com dell.com nike.com
    ikea.com shell.com hotels.com aon.com man.eu vw.de ing.nl kia.com lg.com amd.com cisco.com oracle.com apple.com
    microsoft.com google.de amazon.com ebay.com paypal.com netflix.com spotify.com zalando.de otto.de bahn.de zdf.de
    bbc.co.uk tesco.com total.com eni.it fiat.it seat.es telefonica.com orange.com vodafone.com t-mobile.com mail.mil`
  const universities = `mit.edu yale.edu cmu.edu gmu.edu umich.edu ox.ac.uk cam.ac.uk ucl.ac.uk ethz.ch epfl.ch tum.de lmu.de
    uni-muenchen.de rwth-aachen.de polimi.it unibo.it uva.nl kuleuven.be ntu.edu.sg nus.edu.sg u-tokyo.ac.jp iitb.ac.in
    live.unic.ac.cy student.unsw.edu.au mail.utoronto.ca alumni.stanford.edu outlook.usc.edu`
  test.each(`${providers} ${companies} ${universities}`.split(/\s+/))('%s', (domain) => {
    expect(suggestDomain(domain)).toBeNull()
  })

  test.each([
    'example.com',
    'example.test',
    'company.localhost',
    'x.invalid',
    'printer.local',
    'intranet.internal',
  ])('%s, for examples, tests and home use', (domain) => {
    expect(suggestDomain(domain)).toBeNull()
  })

  test('an ending that exists is never rewritten for a name that nobody knows', () => {
    const endings =
      'co cm om ne net de fr es cz se io me ai app dev shop xyz online store com.co org.uk gr tr id ee'
    for (const ending of endings.split(' '))
      expect(suggestDomain(`wunderbar-und-soehne.${ending}`)).toBeNull()
  })

  test('a brand with homes in many countries is believed about another country', () => {
    for (const domain of ['yahoo.lu', 'hotmail.is', 'gmx.cz', 'live.fi', 'outlook.hr']) {
      expect(suggestDomain(domain)).toBeNull()
    }
  })

  test('a sub-domain of a known domain is as good as the domain', () => {
    expect(suggestDomain('nc.rr.com')).toBeNull()
    expect(suggestDomain('vip.163.com')).toBeNull()
  })

  test('no short name is taken for another short name', () => {
    for (const domain of ['mzn.com', 'asl.com', 'ms.com', 'wb.de', 'wop.pl', 'mee.com']) {
      expect(suggestDomain(domain)).toBeNull()
    }
  })

  test('what the caller knows to be real is not questioned', () => {
    const { suggestDomain } = makeSuggester({ known: new Set(['gmial.com']) })
    expect(suggestDomain('gmial.com')).toBeNull()
    expect(suggestDomain('mail.gmial.com')).toBeNull()
  })

  test('a domain with letters beyond ASCII is no slip for being so', () => {
    expect(suggestDomain('münchen.de')).toBeNull()
    expect(suggestDomain('xn--mnchen-3ya.de')).toBeNull()
  })
})

describe('what cannot be a domain but plainly means one', () => {
  test.each([
    ['gmail,com', 'gmail.com'],
    ['gmail..com', 'gmail.com'],
    ['#gmail.com', 'gmail.com'],
    ['gmail.com`', 'gmail.com'],
    ['exa mple.com', 'example.com'],
    ['exam!ple.com', 'example.com'],
    ['.example.com', 'example.com'],
    ['https://gmail.com/', 'gmail.com'],
  ])('%s', (typed, meant) => {
    expect(suggestDomain(typed)).toBe(meant)
  })

  test.each(['', '.', '..', '@', 'x', 'com', '\0', '\ud800', '日本', '-', 'xn--'])(
    '%j means nothing',
    (typed) => {
      expect(suggestDomain(typed)).toBeNull()
    },
  )

  test('text glued to a domain is not repaired', () => {
    expect(suggestDomain('gmail.comcarlos')).toBeNull()
  })
})

describe('a suggestion for an address', () => {
  test('changes the domain only', () => {
    expect(suggestFor('Jürgen+Tag.%x@gmial.com')).toEqual({
      email: 'Jürgen+Tag.%x@gmail.com',
      domain: 'gmail.com',
      reason: 'typo',
    })
  })

  test('is not made for the dev mailbox names', () => {
    for (const email of ['refuse-5.1.1@example.com', 'late-5.1.1@example.com', 'defer-4.7.1@example.com']) {
      expect(suggestFor(email)).toBeNull()
    }
  })
})

test('every target is its own answer, whatever the case', () => {
  for (const { domain } of TARGETS) {
    expect(suggestDomain(domain)).toBeNull()
    expect(suggestDomain(domain.toUpperCase())).toBeNull()
  }
})
