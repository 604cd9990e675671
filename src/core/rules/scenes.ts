import type { CompiledRules } from './compile-rules.ts'
import type { AllianceView, Places } from './decision.ts'
import { indexAlliances, sceneOf, type AllianceIndex, type Scene } from './scene.ts'

interface Scenes {
  readonly index: AllianceIndex
  readonly kept: Map<string, Map<string, Map<string, Scene>>>
  count: number
}

// Scenes are kept for as long as the two versions they were made from live; both are data that nobody changes.
const scenesOf = new WeakMap<CompiledRules, WeakMap<readonly AllianceView[], Scenes>>()

// Enough for every pair of cities of a large alliance on a day; a caller with more pairs only pays for making scenes again.
const mostKept = 20_000

/** The scene of two places on a day, made once per version of the rules and of the alliances. */
export function findScene(compiled: CompiledRules, alliances: readonly AllianceView[], places: Places, on: string): Scene {
  const scenes = scenesFor(compiled, alliances)
  const kept = scenes.kept.get(places.issuer)?.get(places.verifier)?.get(on)
  return kept ?? keep(scenes, places, on, sceneOf(compiled, scenes.index, places, on))
}

function scenesFor(compiled: CompiledRules, alliances: readonly AllianceView[]): Scenes {
  let byAlliances = scenesOf.get(compiled)
  if (byAlliances === undefined) scenesOf.set(compiled, (byAlliances = new WeakMap()))
  let scenes = byAlliances.get(alliances)
  if (scenes === undefined) byAlliances.set(alliances, (scenes = { index: indexAlliances(alliances), kept: new Map(), count: 0 }))
  return scenes
}

function keep(scenes: Scenes, { issuer, verifier }: Places, on: string, scene: Scene): Scene {
  if (scenes.count >= mostKept) {
    scenes.kept.clear()
    scenes.count = 0
  }
  const byVerifier = scenes.kept.get(issuer) ?? new Map<string, Map<string, Scene>>()
  scenes.kept.set(issuer, byVerifier)
  const byDay = byVerifier.get(verifier) ?? new Map<string, Scene>()
  byVerifier.set(verifier, byDay)
  byDay.set(on, scene)
  scenes.count++
  return scene
}
