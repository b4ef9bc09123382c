/** One of Kafka's numbers, which below 0 says that it is not known. */
export function known(value: number): number | undefined {
  return value < 0 ? undefined : value;
}
