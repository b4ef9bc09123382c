const longest = 36;

/** Whether a member of a share group may be called so: the id is a UUID as people read it. */
export function isMemberId(id: string | null): id is string {
  return id !== null && id !== '' && id.length <= longest;
}
