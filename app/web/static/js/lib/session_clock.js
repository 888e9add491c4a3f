/* When a session ends, and when to say so. */

export const WARN_BEFORE_S = 5 * 60;

/** @param {number} seconds - left; @returns {"running" | "warning" | "ended"} */
export const stateAt = (seconds) => (seconds <= 0 ? "ended" : seconds <= WARN_BEFORE_S ? "warning" : "running");

/** Whole minutes to show, one at least while there is any. */
export const minutesLeft = (seconds) => Math.max(1, Math.ceil(seconds / 60));
