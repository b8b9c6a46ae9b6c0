/**
 * All entries of a list that is answered page by page.
 *
 * @param read gets the token of the page before
 */
export async function allPages<Entry>(
  read: (token: string | undefined) => Promise<{ entries: Entry[] | undefined; next: string | undefined }>,
): Promise<Entry[]> {
  const all: Entry[] = [];
  let token: string | undefined;
  do {
    const { entries = [], next } = await read(token);
    all.push(...entries);
    token = next;
  } while (token);
  return all;
}
