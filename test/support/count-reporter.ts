import { writeFileSync } from 'node:fs'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'

export interface Count {
  readonly passed: number
  readonly failed: number
}

/**
 * What a run amounts to. A test that did not run counts as failed, and so does a file that could not be loaded and an error
 * outside of any test: none of them may look like success.
 */
export function countTests(modules: readonly TestModule[], unhandled: readonly SerializedError[]): Count {
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const passed = tests.filter((test) => test.result().state === 'passed').length
  const brokenSuites = modules.flatMap((module) => [module, ...module.children.allSuites()]).filter((suite) => suite.errors().length > 0).length
  return { passed, failed: tests.length - passed + brokenSuites + unhandled.length }
}

/** Says `N passed, N failed` alone on the last line, or writes the count as JSON to the file that `COMITY_TEST_COUNT` names. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const count = countTests(modules, unhandled)
    const file = process.env['COMITY_TEST_COUNT']
    if (file === undefined) process.stdout.write(`${count.passed} passed, ${count.failed} failed\n`)
    else writeFileSync(file, JSON.stringify(count))
  }
}
