/**
 * Makes room for the page where the server has sent a record in words (`server/html/opened.tsx`):
 * its style sheet and its article go once those of the page are here.
 */
export async function takeOver(): Promise<void> {
  const served = document.querySelectorAll('[data-served]');
  if (served.length === 0) return;
  const sheets = [...document.querySelectorAll<HTMLLinkElement>('link[data-held]')];
  await Promise.all(
    sheets.map(
      (sheet) =>
        new Promise((resolve) => {
          sheet.addEventListener('load', resolve, { once: true });
          sheet.addEventListener('error', resolve, { once: true });
          sheet.media = 'all';
          // One that has loaded already is only switched on, which tells nobody.
          if (sheet.sheet !== null) resolve(undefined);
        }),
    ),
  );
  for (const element of served) element.remove();
}
