import { randomInt } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'

/** Waits before the next attempt: longer each time, and never for the same time as somebody else, or the two would meet again. `longest` in milliseconds. */
export const stepAside = (attempt: number, longest: number): Promise<void> => setTimeout(randomInt(1, 2 + Math.min(longest, 4 * 2 ** Math.min(attempt, 16))))
