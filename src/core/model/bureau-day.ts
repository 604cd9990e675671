/** The calendar day at so many seconds since 1970 where the bureaus are (Asia/Shanghai, UTC+8 without summer time since 1991). */
export const dayAt = (seconds: number): string => new Date((seconds + 8 * 3600) * 1000).toISOString().slice(0, 10)

/** The second at which that day began there. */
export const dayBegins = (seconds: number): number => Math.max(0, seconds - ((seconds + 8 * 3600) % (24 * 3600)))
