/* When a session ends, and when to say so. */

export const WARN_BEFORE_S = 5 * 60;

/** @param {number} seconds - left; @returns {"running" | "warning" | "ended"} */
export const stateAt = (seconds) => (seconds <= 0 ? "ended" : seconds <= WARN_BEFORE_S ? "warning" : "running");

/** Seconds left: of the session's own time, or of its time without a request, whichever is less.
 * @param {{ends: number, seen: number, idle: number}} clock - ends, seen: ms; idle: seconds, 0 = no such limit
 * @param {number} now - ms */
export const secondsLeft = ({ ends, seen, idle }, now) => Math.min(ends - now, idle > 0 ? seen + 1000 * idle - now : Infinity) / 1000;

/** Whole minutes to show, one at least while there is any. */
export const minutesLeft = (seconds) => Math.max(1, Math.ceil(seconds / 60));
