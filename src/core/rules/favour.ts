import type { Truth } from '../model/truth.ts'
import type { Mode } from './rule-set.ts'

/** How favourable a mode is for the holder: a larger number is better, equal numbers tie. */
export const favour: Readonly<Record<Mode, number>> = {
  direct: 9,
  verify_and_record: 8,
  map_to_title: 7,
  deemed_level: 7,
  exempt_part: 7,
  exchange: 6,
  review: 5,
  delegate: 4,
  delegated_to_city: 3,
  manual_review: 2,
  not_recognized: 1,
}

/** Whether the other city takes the record. What is left to an officer or to a lower level is not decided yet: neither yes nor no. */
export const answerOf = (mode: Mode): Truth => (mode === 'not_recognized' ? 'no' : favour[mode] >= favour.delegate ? 'yes' : 'cannot-tell')
