import type { Localised } from '../model/localised.ts'
import type { OutcomeId } from './outcome.ts'

/** How an outcome is said: one word that can be read across a counter, one sentence, and what to do next. */
export interface OutcomeWords {
  readonly word: Localised
  readonly sentence: Localised
  readonly next: Localised
}

const text = (zh: string, en: string): Localised => ({ zh, en })

export const outcomeWords: Readonly<Record<OutcomeId, OutcomeWords>> = {
  genuine: {
    word: text('真实有效', 'Genuine'),
    sentence: text('签名相符，发证机关有权签发，记录现行有效。', 'The signature matches, the issuer was entitled to issue it, and the record is in force.'),
    next: text(
      '可以据此办理。本页证明记录真实，不证明出示者就是持证人：请核对本人有效证件。',
      'You can act on it. This page proves the record, not that the person before you is its holder: compare an identity document.',
    ),
  },
  'genuine-with-note': {
    word: text('真实，有须知', 'Genuine, with a note'),
    sentence: text(
      '签名相符，记录现行有效；办理之前，请先看下面的须知。',
      'The signature matches and the record is in force. Read the note before you act on it.',
    ),
    next: text(
      '请按须知判断能否据此办理，并核对出示者本人的有效证件。',
      'Weigh the note before you act on it, and compare an identity document of the person before you.',
    ),
  },
  'not-valid': {
    word: text('不可采信', 'Not valid'),
    sentence: text('这份记录不能作为凭据。', 'This record proves nothing.'),
    next: text('请勿据此办理。', 'Do not act on it.'),
  },
  'nothing-to-check': {
    word: text('无可核验内容', 'Nothing to check'),
    sentence: text('这里没有找到签名记录。这并不说明证书是假的。', 'No signed record was found here. That does not make the certificate a forgery.'),
    next: text('请换一份可核验的文件。', 'Offer something that can be checked.'),
  },
  'cannot-check-now': {
    word: text('现在无法核验', 'Cannot be checked now'),
    sentence: text('缺少判断所需的依据，既不能说真，也不能说假。', 'Something needed to judge it is missing: it is neither confirmed nor refuted.'),
    next: text('在核实之前，请勿据此办理。', 'Do not act on it before it is settled.'),
  },
}

/** Said wherever no list names the issuer: the one case in which a perfect signature proves nothing to this reader. */
export const unnamedIssuerWarning: Localised = {
  zh: '任何人都能造出签名完好的文件。没有一份信任名录列有这个发证机关，它自称的名称、网址和电话都不要采信。',
  en: 'Anybody can make a file with a perfect signature. No trust list names this issuer: believe no name, address or telephone number that it gives of itself.',
}
