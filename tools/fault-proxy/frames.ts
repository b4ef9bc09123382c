/** Cuts a stream into Kafka's frames: four bytes of length, and so many bytes. Gives each whole, its length included. */
export class FrameCutter {
  #chunks: Buffer[] = [];
  #bytes = 0;

  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const frames: Buffer[] = [];
    for (let size = this.#next(); size !== undefined; size = this.#next()) {
      const all = this.#join();
      frames.push(all.subarray(0, size));
      this.#chunks = [all.subarray(size)];
      this.#bytes -= size;
    }
    return frames;
  }

  /** The size of the frame in front, when all of it is here. */
  #next(): number | undefined {
    if (this.#bytes < 4) return undefined;
    if (this.#chunks[0]!.length < 4) this.#join();
    const size = 4 + this.#chunks[0]!.readUInt32BE(0);
    return this.#bytes >= size ? size : undefined;
  }

  #join(): Buffer {
    const [first] = this.#chunks;
    const all = this.#chunks.length === 1 ? first! : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}

export const apiKeyOf = (request: Buffer): number => request.readInt16BE(4);
export const versionOf = (request: Buffer): number => request.readInt16BE(6);
/** Every request has its correlation id behind the api key and the version. */
export const correlationIdOfRequest = (request: Buffer): number => request.readInt32BE(8);
export const correlationIdOfResponse = (response: Buffer): number => response.readInt32BE(4);
