/* Which map draws: the full one, else the simple one, else the server's drawing stays with words. */

/**
 * @param {HTMLElement} canvas - holds the server-drawn map
 * @param {object} config
 * @param {{onSchool: Function, onArea: Function, onMove: Function}} handlers
 * @param {(words: string) => void} note - says something on the map
 * @returns {Promise<object | null>} null when neither could be started
 */
export async function startEngine(canvas, config, handlers, note) {
  try {
    const { start } = await import("./map_gl.js");
    return await start(canvas, config, handlers);
  } catch (error) {
    if (error.name !== "NoWebglError") {
      console.warn(error);
    }
  }
  try {
    const { start } = await import("./map_leaflet.js");
    const engine = await start(canvas, config, handlers);
    note(config.words.noWebgl);
    return engine;
  } catch (error) {
    console.warn(error);
    note(config.words.failed);
    return null;
  }
}
