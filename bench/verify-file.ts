import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import type { TrustFile } from '#core/trust/assemble-trust.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { anchorsFile, trustFolders } from '#registry/trust-folder.ts'
import { makeAlliance, type TestAlliance } from '../test/support/make-alliance.ts'
import { division, titleDraft } from './drafts.ts'
import { atLeast, perSecond, whole, type Line } from './line.ts'
import { median, rateAgainst, rounds } from './measure.ts'
import { makeDirectory } from './node-under-test.ts'
import type { RawTask } from './raw-verify-worker.ts'
import { say } from './say.ts'

const distinct = 20_000
const records = 100_000
const rawRuns = 5_000

/** `comity verify` of a large file, from the shell's point of view, against all cores doing nothing but check its signatures. */
export async function verifyFile(): Promise<readonly Line[]> {
  const alliance = makeAlliance({ cities: [division, '370300'] })
  const directory = makeDirectory()
  const file = join(directory, 'records.txt')
  const texts = Array.from({ length: distinct }, (_, index) => alliance.issue(division, 'title', titleDraft(index)))
  const block = `${texts.join('\n')}\n`
  for (let written = 0; written < records; written += distinct) writeFileSync(file, block, { flag: 'a' })
  const trust = join(directory, 'trust')
  writeTrust(trust, alliance)
  const signed = texts.slice(0, 500).map((text) => {
    const { signingInput, signature } = parseSdJwt(text, nodeEngine)
    return { signingInput, signature }
  })

  const cores = availableParallelism()
  const raw = rawOnAllCores({ jwk: alliance.city(division).issue.jwk, signed }, cores)
  const command = ['verify', file, '--trust', trust, '--at', alliance.at]
  const rawCost: number[] = []
  const costs: { readonly wall: number; readonly cpu: number }[] = []
  await raw.run(rawRuns)
  for (let round = 0; round < rounds; round++) {
    // Before and after, since ours takes long.
    const before = await raw.run(rawRuns)
    const { wall, cpu } = await comity(command)
    rawCost.push((before + (await raw.run(rawRuns))) / 2)
    costs.push({ wall: wall / records, cpu: cpu / records })
    say(`  round ${round + 1}: ${(wall / 1e6).toFixed(1)} s`)
  }
  const json = await comity([...command, '--json'])
  await raw.end()

  const wall = costs.map((cost) => cost.wall)
  const line = {
    work: `comity verify, file of ${whole(records)}, ${cores} cores`,
    limit: `${cores} × crypto.verify ${whole(perSecond(median(rawCost)))}/s`,
    perCpuSecond: perSecond(median(costs.map(({ cpu }) => cpu))),
  }
  return [
    { ...line, ours: `${whole(perSecond(median(wall)))}/s`, value: rateAgainst(wall, rawCost), bar: atLeast(0.6, 'of cores × crypto.verify') },
    {
      ...line,
      work: `${line.work}, a line of JSON each`,
      ours: `${whole(perSecond(json.wall / records))}/s`,
      perCpuSecond: perSecond(json.cpu / records),
      value: median(rawCost) / (json.wall / records),
    },
  ]
}

function writeTrust(folder: string, { files }: TestAlliance): void {
  mkdirSync(folder)
  writeFileSync(join(folder, anchorsFile), JSON.stringify(files.anchors))
  const put = (kind: keyof typeof trustFolders, given: readonly TrustFile[]): void => {
    mkdirSync(join(folder, trustFolders[kind]))
    for (const [index, { bytes }] of given.entries()) writeFileSync(join(folder, trustFolders[kind], String(index)), bytes)
  }
  put('manifest', files.manifests)
  put('alliance', files.allianceLists)
  put('rules', files.ruleSets)
  put('status-list', files.statusLists)
}

/** Microseconds of wall time a signature, of all cores together. */
function rawOnAllCores(task: RawTask, cores: number): { readonly run: (times: number) => Promise<number>; readonly end: () => Promise<void> } {
  const workers = Array.from({ length: cores }, () => new Worker(new URL('./raw-verify-worker.ts', import.meta.url), { workerData: task }))
  return {
    run: async (times) => {
      const from = performance.now()
      await Promise.all(
        workers.map((worker) => {
          worker.postMessage(times)
          return once(worker, 'message')
        }),
      )
      return ((performance.now() - from) * 1000) / (times * cores)
    },
    end: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

const script = fileURLToPath(new URL('../scripts/comity.js', import.meta.url))
const telling = new URL('./tell-usage.ts', import.meta.url).href

/** Runs the command and answers what it cost, in microseconds, its start included. It must find nothing wrong. */
function comity(words: readonly string[]): Promise<{ readonly wall: number; readonly cpu: number; readonly maxRss: number }> {
  const usage = join(makeDirectory(), 'usage.json')
  const from = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', telling, script, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, COMITY_BENCH_USAGE: usage },
    })
    child.stdout.resume()
    let complaint = ''
    child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2000)))
    child.once('error', reject)
    child.once('close', (code) => {
      if (code !== 0) return reject(new Error(`comity ${words[0]} ended with ${code}: ${complaint}`))
      const { cpu, maxRss } = JSON.parse(readFileSync(usage, 'utf8')) as { readonly cpu: number; readonly maxRss: number } // written by tell-usage
      resolve({ wall: (performance.now() - from) * 1000, cpu, maxRss })
    })
  })
}
