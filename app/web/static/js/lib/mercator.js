/** Between pixels of a drawn frame (Web Mercator) and degrees; the twin of `Frame` in geodata/records/map_shape.py. */

const RADIUS_M = 6378137;

/**
 * @param {{west: number, north: number, scale: number}} frame - metres of EPSG:3857, pixels a metre
 * @returns {{lon: number, lat: number}} degrees
 */
export function placeAt(frame, x, y) {
  const lon = ((frame.west + x / frame.scale) / RADIUS_M) * (180 / Math.PI);
  const up = (frame.north - y / frame.scale) / RADIUS_M;
  return { lon, lat: (2 * Math.atan(Math.exp(up)) - Math.PI / 2) * (180 / Math.PI) };
}

/** @returns {{x: number, y: number}} pixel of a place, which may lie outside the frame */
export function pixelOf(frame, lon, lat) {
  const east = RADIUS_M * lon * (Math.PI / 180);
  const north = RADIUS_M * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
  return { x: (east - frame.west) * frame.scale, y: (frame.north - north) * frame.scale };
}

/** @returns {{lon: number, lat: number} | null} of a text "latitude, longitude"; null while it is none */
export function readPlace(text) {
  const parts = text.split(/\s*[,;]\s+|\s+/).filter(Boolean).map((part) => Number(part.replace(/[,;]$/, "").replace(",", ".")));
  if (parts.length !== 2 || parts.some((part) => !Number.isFinite(part))) {
    return null;
  }
  const [lat, lon] = parts;
  return Math.abs(lat) <= 85 && Math.abs(lon) <= 180 ? { lon, lat } : null;
}

/** @returns {string} as the field takes it; six digits are 0.1 m */
export function writePlace({ lon, lat }) {
  return `${lat.toFixed(6)}, ${lon.toFixed(6)}`;
}
