/** Starts a consumer that nobody holds yet: one that cannot start is closed, so that nothing of it is left. */
export async function startOrClose<Startable extends { start(): Promise<void>; close(): Promise<void> }>(
  consumer: Startable,
): Promise<Startable> {
  try {
    await consumer.start();
  } catch (error) {
    await consumer.close();
    throw error;
  }
  return consumer;
}
