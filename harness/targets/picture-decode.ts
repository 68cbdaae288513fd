import { createRequire } from 'node:module';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { DECODE_SCRIPT } from './picture-decode-script.ts';

/** The light of a picture, from 0 to 255, row by row. */
export interface Light {
  readonly width: number;
  readonly height: number;
  readonly light: Uint8Array;
}

/** Larger files are not decoded. */
const BYTES_MAX = 1 << 24;
const PIXELS_MAX = 1 << 24;
/** For the decoder in JavaScript, which takes about 0.1 us a pixel. */
const PIXELS_MAX_SLOW = 1 << 22;
const MEMORY_MAX_MB = 256;
/** Real time for one picture: a decoder that takes longer is in the hands of whoever made the file. */
const DECODING_MS = 5000;
/** Real time for the first one, which waits for the libraries as well. */
const LOADING_MS = 15_000;

/** A thread that decodes, and the way to wait for it standing still. */
interface Bench {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly flag: Int32Array;
}

/**
 * Decodes pictures in a thread of its own, while the thread that asks stands still: an answer is judged at the moment at which
 * it is there, and a decoder that hangs or dies on hostile bytes takes nothing along. What sharp knows (JPEG, PNG, WebP,
 * AVIF, GIF) where it is installed, else JPEG by jpeg-js.
 */
export class Decoder {
  /** Paths of the libraries, `null` where there is none. */
  private readonly libraries: { readonly sharpPath: string | null; readonly jpegPath: string | null };
  private bench: Bench | null = null;

  private readonly patienceMs: number;

  constructor(engine: 'best' | 'jpeg-js' = 'best', patienceMs: number = DECODING_MS) {
    this.patienceMs = patienceMs;
    this.libraries = { sharpPath: engine === 'best' ? pathOf('sharp') : null, jpegPath: pathOf('jpeg-js') };
  }

  /** The light of a picture as far as it can be decoded; `null` where nothing can be. Never throws. */
  decode(file: Uint8Array): Light | null {
    if (file.length > BYTES_MAX) return null;
    const isNew = this.bench === null;
    const bench = (this.bench ??= this.start());
    Atomics.store(bench.flag, 0, 0);
    // A copy, since all the memory that a part of it stands in would go along.
    const copy = new Uint8Array(file);
    bench.port.postMessage(copy, [copy.buffer]);
    if (Atomics.wait(bench.flag, 0, 0, isNew ? LOADING_MS : this.patienceMs) === 'timed-out') {
      this.close();
      return null;
    }
    const decoded = receiveMessageOnPort(bench.port)?.message as Light | null | undefined;
    return decoded ?? null;
  }

  /** Ends the thread; the next picture starts another one. */
  close(): void {
    const { bench } = this;
    this.bench = null;
    bench?.port.close();
    void bench?.worker.terminate();
  }

  private start(): Bench {
    const { port1, port2 } = new MessageChannel();
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const limits = { pixelsMax: PIXELS_MAX, pixelsMaxSlow: PIXELS_MAX_SLOW, memoryMaxMb: MEMORY_MAX_MB };
    const worker = new Worker(DECODE_SCRIPT, {
      eval: true,
      execArgv: [],
      workerData: { ...this.libraries, ...limits, flag, port: port2 },
      transferList: [port2],
    });
    // A decoder that died is noticed by waiting in vain.
    worker.on('error', () => {});
    worker.unref();
    port1.unref();
    return { worker, port: port1, flag };
  }
}

function pathOf(library: string): string | null {
  try {
    return createRequire(import.meta.url).resolve(library);
  } catch {
    return null;
  }
}
