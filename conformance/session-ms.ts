/** How long a login by SCRAM-SHA-512 without TLS holds at a real cluster of three nodes. */
export const sessionMs = 6000;
