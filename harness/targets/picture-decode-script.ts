/**
 * The thread that decodes pictures, as a script: it has to run from the sources and from the package, and inside test
 * runners that know nothing of threads. It uses sharp where that can be loaded, else jpeg-js. Nobody waits for it but by the
 * shared flag, since the thread that asked stands still meanwhile.
 */
export const DECODE_SCRIPT = `
const { workerData: { flag, port, sharpPath, jpegPath, pixelsMax, pixelsMaxSlow, memoryMaxMb } } = require('node:worker_threads');
function load(path) {
  try {
    return path === null ? null : require(path);
  } catch {
    return null;
  }
}
const sharp = load(sharpPath);
const jpeg = sharp === null ? load(jpegPath) : null;
if (sharp !== null) {
  sharp.cache(false);
  sharp.concurrency(1);
}
async function bySharp(file) {
  const image = sharp(file, { failOn: 'none', limitInputPixels: pixelsMax });
  const { data, info } = await image.flatten({ background: '#fff' }).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== 1) return null;
  return { width: info.width, height: info.height, light: data };
}
function byJpegJs(file) {
  const options = { useTArray: true, formatAsRGBA: false, tolerantDecoding: true, maxResolutionInMP: pixelsMaxSlow / 1e6, maxMemoryUsageInMB: memoryMaxMb };
  const { width, height, data } = jpeg.decode(file, options);
  const light = new Uint8Array(width * height);
  for (let at = 0; at < light.length; at++) light[at] = 0.299 * data[3 * at] + 0.587 * data[3 * at + 1] + 0.114 * data[3 * at + 2];
  return { width, height, light };
}
port.on('message', async (file) => {
  let decoded = null;
  try {
    decoded = sharp === null ? byJpegJs(Buffer.from(file)) : await bySharp(file);
  } catch {}
  port.postMessage(decoded);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
});
`;
