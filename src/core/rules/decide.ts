import { rulesFor, type CompiledRule, type CompiledRules } from './compile-rules.ts'
import type { AllianceView, Decision, Path, Places, WayToYes } from './decision.ts'
import type { FactName, Facts } from './facts.ts'
import { favour } from './favour.ts'
import { answerBit, hear, union, type Told, type Voice } from './hear-rule-set.ts'
import type { ReasonCode } from './reason-texts.ts'
import type { Scene } from './scene.ts'
import { findScene } from './scenes.ts'
import { slot, slotsOf, type Slots } from './test-condition.ts'
import { waysToYes } from './ways-to-yes.ts'

const familySlot = slot('family')
const scopeSlot = slot('scope')
const issuerSlot = slot('issuer')
const issuerRankSlot = slot('issuerRank')
const crossProvinceSlot = slot('crossProvince')
const verifierSlot = slot('verifierDivision')

const nothing = [] as const
const localScopes: readonly unknown[] = ['county_only', 'unit_only', 'grassroots']

/** What is told of a case and who speaks, gathered set by set. */
interface Hearing extends Told {
  /** Own record, national law, then the alliances: the first of equals is taken. */
  readonly voices: Voice[]
  absolute: CompiledRule | undefined
  absoluteUnknown: boolean
  absoluteOpen: readonly FactName[]
  /** Voices of national denials that hold: no agreement between cities is above them. */
  readonly law: Voice[]
  /** Answers of national denials that may hold, and of those that an open question keeps off. */
  lawThreats: number
  lawDeferred: number
  lawOpen: readonly FactName[]
  alliancesHeard: number
}

/**
 * What the verifying place makes of a record issued elsewhere (DESIGN §3.2). Pure: the same input gives the same decision, member by
 * member. In this order:
 *
 * 1. an absolute denial (authenticity, status) of any rule set concerned is above everything;
 * 2. a record of the place itself needs no recognition; national denials are above the alliances, national grants are a floor;
 * 3. every alliance to which both places belong on the day is heard on its own, never merged with another;
 * 4. inside one set: denials that hold, then the most specific match, then order (`compile-rules.ts` says why denials come first);
 * 5. between what is left the most favourable for the holder wins, and every path is kept;
 * 6. nothing matches: manual review, never a silent no.
 *
 * An absent fact is unknown. A yes without open questions, and a no, stay what they are whatever the unknown facts turn out to be.
 *
 * @param alliances taken as immutable: what is derived from the array is kept as long as it lives
 * @param facts issuer, issuerRank, crossProvince and verifierDivision follow from `places` where they are absent
 * @param places the authorities whose membership counts; a record may name a division below the authority that signed it
 * @param on the day of application (ISO, Asia/Shanghai): rules and membership are those of that day
 */
export function decide(compiled: CompiledRules, alliances: readonly AllianceView[], facts: Facts, places: Places, on: string): Decision {
  const scene = findScene(compiled, alliances, places, on)
  const slots = slotsOf(facts)
  slots[issuerSlot] ??= places.issuer
  slots[verifierSlot] ??= places.verifier
  slots[issuerRankSlot] ??= scene.issuerRank
  slots[crossProvinceSlot] ??= scene.crossProvince
  return weigh(listen(scene, slots, on), scene, slots, on)
}

function listen(scene: Scene, slots: Slots, on: string): Hearing {
  const hearing: Hearing = {
    paths: [],
    nearly: [],
    voices: [],
    absolute: undefined,
    absoluteUnknown: false,
    absoluteOpen: nothing,
    law: [],
    lawThreats: 0,
    lawDeferred: 0,
    lawOpen: nothing,
    alliancesHeard: 0,
  }
  hearOwnRecord(scene, slots, hearing)
  for (const entry of scene.sets) {
    const { alliance, notInForce } = entry.set
    const concerned = rulesFor(entry.set, slots[familySlot]).tree.rules.length > 0
    if (!entry.inForce && concerned) hearing.paths.push(notInForce)
    if (!entry.inForce || (alliance === null && !concerned)) continue
    const voice = hear(entry, slots, on, hearing)
    hearing.absolute ??= voice.absolute
    hearing.absoluteUnknown ||= voice.absoluteUnknown
    hearing.absoluteOpen = union(hearing.absoluteOpen, voice.absoluteOpen)
    if (alliance !== null) {
      hearing.voices.push(voice)
      hearing.alliancesHeard++
      continue
    }
    hearing.lawThreats |= voice.threats
    hearing.lawDeferred |= voice.deferred
    if (voice.deferred !== 0) hearing.lawOpen = union(hearing.lawOpen, voice.open)
    if (voice.winner?.denial === true) hearing.law.push(voice)
    else if (voice.winner !== undefined || !voice.firm) hearing.voices.push(voice)
  }
  return hearing
}

const ownVoice: Voice = {
  winner: undefined,
  answer: 'yes',
  favour: favour.direct,
  firm: true,
  open: nothing,
  absolute: undefined,
  absoluteUnknown: false,
  absoluteOpen: nothing,
  threats: 0,
  deferred: 0,
}
const ownVoiceUnknown: Voice = { ...ownVoice, answer: 'cannot-tell', favour: favour.manual_review, firm: false }
const ownPath: Path = { alliance: null, ruleSet: null, version: null, rule: null, answer: 'applies', mode: 'direct', effects: nothing, origin: 'design' }

/** A place and what covers it are one territory, except for titles that hold in one county, one unit or at the grass roots only. */
function hearOwnRecord({ own }: Scene, slots: Slots, { voices, paths }: Hearing): void {
  if (own === undefined) return
  const family = slots[familySlot]
  const scope = slots[scopeSlot]
  const isTitle = own === 'same-place' ? false : family === undefined ? undefined : family === 'title'
  const isLocal = scope === undefined ? undefined : localScopes.includes(scope)
  if (isTitle === false || isLocal === false) {
    voices.push(ownVoice)
    paths.push(ownPath)
  } else if (isTitle === undefined || isLocal === undefined) {
    voices.push(ownVoiceUnknown)
    paths.push({ ...ownPath, answer: 'cannot-tell', missing: ownQuestions(slots) })
  }
}

/** The facts that keep us from telling whether it is an own record. */
const ownQuestions = (slots: Slots): readonly FactName[] => (['family', 'scope'] as const).filter((fact) => slots[slot(fact)] === undefined)

function weigh(hearing: Hearing, scene: Scene, slots: Slots, on: string): Decision {
  if (hearing.absolute !== undefined)
    return carried(hearing.absolute, 'no', nothing, reasonsOf(hearing.absolute), hearing.paths, waysToYes(scene, slots, on, hearing.nearly))
  const lawHolds = hearing.law.length > 0
  // Own territory is not a matter between cities: national denials that are not absolute speak of recognition and leave it alone.
  const heard = lawHolds ? [...hearing.voices.filter((voice) => voice === ownVoice || voice === ownVoiceUnknown), ...hearing.law] : hearing.voices
  let best: Voice | undefined
  let allFirm = true
  for (const voice of heard) {
    if (!voice.firm) allFirm = false
    else if (best === undefined || voice.favour > best.favour) best = voice
  }
  if (best?.answer === 'yes' && !hearing.absoluteUnknown && (best === ownVoice || hearing.lawThreats === 0)) return sayYes(best, hearing)
  const ways = waysToYes(scene, slots, on, hearing.nearly)
  if (best?.answer === 'no' && best.winner !== undefined && allFirm && ((hearing.lawThreats | hearing.lawDeferred) & ~answerBit.no) === 0)
    return carried(best.winner, 'no', nothing, reasonsOf(best.winner), hearing.paths, ways)
  return sayCannotTell(heard, best, allFirm, hearing, scene, slots, ways)
}

function sayYes(best: Voice, hearing: Hearing): Decision {
  const { winner } = best
  const open = union(union(best.open, hearing.absoluteOpen), best === ownVoice ? nothing : hearing.lawOpen)
  const reasons: ReasonCode[] = [winner === undefined ? 'OWN_RECORD' : winner.reference.alliance === null ? 'NATIONAL_LAW' : 'RULE_MATCHED']
  if (winner?.rule.reason !== undefined) reasons.push(winner.rule.reason)
  if (winner !== undefined && winner.reference.alliance !== null && hearing.alliancesHeard > 1) reasons.push('MOST_FAVOURABLE_OF_SEVERAL')
  if (open.length > 0) reasons.push('STANDS_ON_CONDITION')
  return winner === undefined
    ? uncarried('yes', 'direct', open, reasons, hearing.paths, nothing)
    : carried(winner, 'yes', open, reasons, hearing.paths, nothing)
}

function sayCannotTell(
  heard: readonly Voice[],
  best: Voice | undefined,
  allFirm: boolean,
  hearing: Hearing,
  scene: Scene,
  slots: Slots,
  ways: WayToYes[],
): Decision {
  const reasons: ReasonCode[] = []
  // A rule that hands the case on still says so when facts are missing beside it; a yes or a no that is not sure yet does not.
  const rule = heard
    .filter(({ firm, answer }) => firm && answer === 'cannot-tell')
    .reduce<Voice | undefined>((a, b) => (a === undefined || b.favour > a.favour ? b : a), undefined)?.winner
  if (rule?.rule.reason !== undefined) reasons.push(rule.rule.reason)
  if (!allFirm || hearing.absoluteUnknown || (best !== undefined && best.answer !== 'cannot-tell')) reasons.push('FACTS_MISSING')
  if (scene.own === undefined && scene.commonAlliances === 0) {
    reasons.push(scene.membershipLapsed ? 'MEMBERSHIP_NOT_IN_FORCE' : 'NO_COMMON_ALLIANCE')
    ways.push({ way: 'common-alliance' })
  } else if (hearing.alliancesHeard === 0) reasons.push('RULES_NOT_IN_FORCE')
  else if (rule === undefined && !reasons.includes('FACTS_MISSING')) reasons.push('NOTHING_MATCHED')
  const own = hearing.voices.includes(ownVoiceUnknown) ? [{ way: 'establish' as const, facts: ownQuestions(slots), by: null }] : nothing
  const all: readonly WayToYes[] = [...own, ...ways, { way: 'officer' }]
  return rule === undefined
    ? uncarried('cannot-tell', 'manual_review', nothing, reasons, hearing.paths, all)
    : carried(rule, 'cannot-tell', nothing, reasons, hearing.paths, all)
}

const reasonsOf = ({ rule, reference }: CompiledRule): readonly ReasonCode[] => {
  const own: readonly ReasonCode[] = rule.reason === undefined ? nothing : [rule.reason]
  return reference.alliance === null && rule.absolute !== true ? [...own, 'NATIONAL_LAW'] : own
}

const carried = (
  { rule, reference }: CompiledRule,
  answer: Decision['answer'],
  openQuestions: readonly FactName[],
  reasons: readonly ReasonCode[],
  paths: readonly Path[],
  whatWouldMakeItYes: readonly WayToYes[],
): Decision => ({
  answer,
  mode: rule.mode,
  effects: rule.effects ?? nothing,
  conditions: rule.conditions ?? nothing,
  materials: rule.materials ?? nothing,
  openQuestions,
  timeLimit: rule.timeLimit,
  clause: rule.clause,
  mapping: rule.mapping,
  carriedBy: reference,
  reasons,
  paths,
  whatWouldMakeItYes,
})

const uncarried = (
  answer: Decision['answer'],
  mode: Decision['mode'],
  openQuestions: readonly FactName[],
  reasons: readonly ReasonCode[],
  paths: readonly Path[],
  whatWouldMakeItYes: readonly WayToYes[],
): Decision => ({ answer, mode, effects: nothing, conditions: nothing, materials: nothing, openQuestions, reasons, paths, whatWouldMakeItYes })
